package io.carillon.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.contract.Dialect.Said;
import io.carillon.core.CloseCode;
import io.carillon.core.connection.Farewell;
import io.carillon.protocol.Message;
import io.carillon.protocol.Protocol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every protocol does over every two-way carrier. */
@Timeout(120)
public abstract class ProtocolContract {
  private static final AtomicInteger ROOMS = new AtomicInteger();

  private final List<Wire> open = new ArrayList<>();

  /** A room of this test alone. */
  protected final String room = "contract:" + System.nanoTime() + '-' + ROOMS.incrementAndGet();

  /** The protocol as a client speaks it. */
  protected abstract Dialect dialect();

  /** Opens a carrier; null: without a credential. Null if it is refused at once. */
  protected abstract @Nullable Wire connect(@Nullable String token);

  /** A token of a user with every right. */
  protected abstract String token(String user);

  /** Closes the connections of a user. */
  protected abstract void kick(String user);

  @AfterEach
  final void closeAll() {
    open.forEach(Wire::close);
  }

  /** One client in conversation. */
  protected final class Talk {
    private final Wire wire;
    private final Deque<Message> parts = new ArrayDeque<>();

    Talk(Wire wire) {
      this.wire = wire;
      open.add(wire);
    }

    /** Says something. */
    public void say(Message message) {
      wire.send(message);
    }

    /** What comes next; heartbeats are answered. Null: it was closed. */
    public @Nullable Message next() {
      while (true) {
        while (parts.isEmpty()) {
          Message message = wire.next();
          if (message == null) {
            return null;
          }
          parts.addAll(dialect().parts(message));
        }
        Message part = parts.remove();
        if (!(dialect().said(part) instanceof Said.Ping)) {
          return part;
        }
        say(dialect().alive());
      }
    }

    /** What was said next. */
    public Said said() {
      Message next = next();
      assertNotNull(next, () -> "closed: " + wire.end());
      return dialect().said(next);
    }

    /** How it was closed, and the last that was said before. */
    public Farewell closed() {
      Message last = null;
      for (Message next = next(); next != null; next = next()) {
        last = next;
      }
      Farewell end = wire.end();
      return new Farewell(last == null ? List.of() : List.of(last), end.code(), end.reason());
    }

    /** Goes without a word. */
    public void vanish() {
      wire.close();
    }

    Talk joined() {
      say(dialect().join(room));
      assertEquals(new Said.Joined(), said());
      return this;
    }
  }

  /** A client that was let in. */
  protected final Talk open(@Nullable String token) {
    Wire wire = connect(token);
    assertNotNull(wire);
    Talk talk = new Talk(wire);
    assertEquals(new Said.Greeting(), talk.said());
    return talk;
  }

  private boolean anybody() {
    return dialect().protocol().admission() == Protocol.Admission.ANYBODY;
  }

  /** Checks that a connection was closed in the protocol's own words. */
  protected final void assertFarewell(CloseCode code, String reason, Farewell got) {
    Farewell meant = dialect().protocol().encoder().farewell(code, reason, null);
    assertEquals(meant.code(), got.code(), got::toString);
    assertEquals(meant.reason(), got.reason());
    String last = dialect().lastWords(code);
    if (last != null) {
      assertEquals(last, got.last().getFirst().toString());
    }
  }

  @Test
  void whatIsPublishedIsHeardByAllInOneOrder() {
    Talk alice = open(token("alice")).joined();
    Talk bob = open(token("bob")).joined();
    for (int i = 0; i < 10; i++) {
      alice.say(dialect().publish(room, "a" + i));
      bob.say(dialect().publish(room, "b" + i));
    }
    List<Said> first = new ArrayList<>();
    List<Said> second = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      first.add(alice.said());
      second.add(bob.said());
    }
    List<Said> words = first.stream().filter(Said.Heard.class::isInstance).toList();
    assertEquals(20, Set.copyOf(words).size());
    assertEquals(words, second.stream().filter(Said.Heard.class::isInstance).toList());
    assertEquals(10, first.stream().filter(new Said.Published()::equals).count());
    assertEquals(10, second.stream().filter(new Said.Published()::equals).count());
  }

  @Test
  void membersByConnectionAreListedOnceAndThenTheChanges() {
    Message meet = dialect().meet(room);
    if (meet == null) {
      return;
    }
    Talk first = open(token("alice"));
    first.say(meet);
    assertEquals(new Said.Joined(), first.said());
    assertEquals(new Said.Here(List.of("alice")), first.said());
    Talk second = open(token("alice"));
    second.say(meet);
    assertEquals(new Said.Joined(), second.said());
    assertEquals(new Said.Here(List.of("alice", "alice")), second.said());
    assertEquals(new Said.Changed(List.of("+alice")), first.said());
    second.say(dialect().part());
    assertEquals(new Said.Changed(List.of("-alice")), first.said());
  }

  @Test
  void whatIsSentAtOnceKeepsItsOrder() {
    Talk alice = open(token("alice")).joined();
    for (int i = 0; i < 200; i++) {
      alice.say(dialect().publish(room, "w" + i));
    }
    List<Said> heard =
        Stream.generate(alice::said).limit(400).filter(Said.Heard.class::isInstance).toList();
    assertEquals(
        IntStream.range(0, 200).mapToObj(i -> (Said) new Said.Heard("w" + i)).toList(), heard);
  }

  @Test
  void aLongWordComesWhole() {
    Talk alice = open(token("alice")).joined();
    String word = "é😀x".repeat(8_000);
    alice.say(dialect().publish(room, word));
    List<Said> got = List.of(alice.said(), alice.said());
    assertTrue(got.contains(new Said.Heard(word)));
    assertTrue(got.contains(new Said.Published()));
  }

  @Test
  void bytesComeAsTheyWereOrAreRefused() {
    Talk alice = open(token("alice")).joined();
    byte[] bytes = new byte[30_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    alice.say(new Message.Bytes(bytes));
    if (anybody()) {
      List<Said> got = List.of(alice.said(), alice.said());
      assertTrue(got.contains(new Said.HeardBytes(EchoDialect.list(bytes))));
      assertTrue(got.contains(new Said.Published()));
    } else {
      assertFarewell(CloseCode.PROTOCOL, "text messages only", alice.closed());
    }
  }

  @Test
  void aMessageThatIsTooLargeCloses() {
    Talk alice = open(token("alice"));
    alice.say(dialect().publish(room, "x".repeat(dialect().protocol().maxMessage())));
    Farewell end = alice.closed();
    if (end.code() != CloseCode.TOO_BIG.code()) {
      assertFarewell(CloseCode.TOO_BIG, "message too large", end);
    }
  }

  @Test
  void nonsenseDisturbsNobodyElse() {
    Talk bob = open(token("bob")).joined();
    Talk alice = open(token("alice"));
    alice.say(dialect().nonsense());
    if (dialect().nonsenseCloses()) {
      assertFarewell(CloseCode.PROTOCOL, "no such word", alice.closed());
    } else {
      assertEquals(new Said.Refused("bad_frame"), alice.said());
      alice.joined();
    }
    bob.say(dialect().publish(room, "still here"));
    assertTrue(List.of(bob.said(), bob.said()).contains(new Said.Heard("still here")));
  }

  @Test
  void whoIsSentAwayIsToldInTheWordsOfTheProtocol() {
    String user = "u" + System.nanoTime();
    Talk alice = open(token(user)).joined();
    kick(user);
    assertFarewell(CloseCode.KICKED, "kicked", alice.closed());
  }

  @Test
  void whoHasNoCredentialIsNobodyOrIsNotLetIn() {
    if (!anybody()) {
      assertNull(connect(null));
      return;
    }
    Talk nobody = open(null);
    nobody.say(dialect().join(room));
    assertEquals(new Said.Refused("unauthenticated"), nobody.said());
    nobody.say(dialect().publish(room, "in vain"));
    assertEquals(new Said.Refused("unauthenticated"), nobody.said());
    nobody.say(dialect().hello("bad"));
    assertEquals(new Said.Refused("unauthenticated"), nobody.said());
    nobody.say(dialect().hello(token("alice")));
    assertEquals(new Said.Hello(), nobody.said());
    nobody.say(dialect().hello(token("bob")));
    assertEquals(new Said.Refused("forbidden"), nobody.said());
    nobody.joined();
  }

  @Test
  void aCredentialIsRenewedWithinTheConversation() {
    Talk alice = open(token("alice")).joined();
    alice.say(dialect().hello(token("alice")));
    assertEquals(new Said.Hello(), alice.said());
  }
}
