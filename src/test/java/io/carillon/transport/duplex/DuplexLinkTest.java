package io.carillon.transport.duplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.Grants;
import io.carillon.core.HistoryQuery;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.FrameSink;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.room.Commands;
import io.carillon.core.spi.Probe;
import io.carillon.kit.HandExecutor;
import io.carillon.kit.ManualTime;
import io.carillon.kit.MemoryInstance;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A link with a codec whose every word is one kind of part. */
final class DuplexLinkTest {
  private final ManualTime time = new ManualTime();
  private final HandExecutor hand = new HandExecutor();
  private final Connections connections =
      new Connections(
          new ConnectionLimits(10, 100_000, 100_000),
          () -> "c",
          time::nanos,
          time,
          new SplittableRandom(1),
          RevocationFreshness.always(),
          Probe.NONE);
  private final MemoryInstance memory = new MemoryInstance();
  private final Carrier carrier = new Carrier();
  private final Script script = new Script();

  @AfterEach
  void close() {
    memory.close();
  }

  private static Identity user(String name) {
    return new Identity(name, Grants.NONE, null, null);
  }

  private DuplexLink open(Identity who) {
    return open(who, Links.LinkLimits.DEFAULTS);
  }

  private DuplexLink open(Identity who, Links.LinkLimits limits) {
    Commands commands = new Commands(memory.rooms, DuplexLinkTest::user);
    Links links = new Links(connections, commands, hand, Duration.ofSeconds(20), limits);
    Codec codec = script.open(new Peer("/script", Map.of(), Map.of()));
    return links.open(script, codec, who, carrier, hand);
  }

  private static Message text(String words) {
    return new Message.Text(words);
  }

  @Test
  void theFirstWordsComeFirst() {
    DuplexLink link = open(user("alice"));
    link.receive(text("say b,say c"));
    hand.runAll();
    assertEquals(List.of("hello alice", "b", "c"), carrier.got);
  }

  @Test
  void partsAreDoneInOrderWhetherTheyWaitOrNot() {
    DuplexLink link = open(user("alice"));
    link.receive(text("say a,ping,say b,refuse,say c"));
    link.receive(text("say d"));
    hand.runAll();
    assertEquals(
        List.of("hello alice", "a", "PingAnswered to Ping", "b", "Refused to null", "c", "d"),
        carrier.got);
  }

  @Test
  void bytesAreHandedToTheCodecAsTheyAre() {
    DuplexLink link = open(user("alice"));
    byte[] bytes = {1, 2, 3};
    link.receive(new Message.Bytes(bytes));
    hand.runAll();
    assertEquals(List.of("hello alice", "[1, 2, 3]"), carrier.got);
  }

  @Test
  void whatBreaksTheProtocolClosesAndNothingAfterItIsDone() {
    DuplexLink link = open(user("alice"));
    link.receive(text("say a,break,say b"));
    link.receive(text("say c"));
    hand.runAll();
    assertEquals(List.of("hello alice", "a", "bye PROTOCOL"), carrier.got);
    assertEquals(CloseCode.PROTOCOL, carrier.closed);
  }

  @Test
  void aCodecThatThrowsLosesItsConnectionAlone() {
    DuplexLink link = open(user("alice"));
    link.receive(text("throw"));
    hand.runAll();
    assertEquals(CloseCode.MOVED, carrier.closed);
  }

  @Test
  void aRefusalThatACodecThrowsIsAnAnswer() {
    DuplexLink link = open(user("alice"));
    link.receive(text("bad"));
    hand.runAll();
    assertEquals("Refused to null", carrier.got.getLast());
    assertNull(carrier.closed);
  }

  @Test
  void aMessageThatIsTooLargeCloses() {
    DuplexLink link = open(user("alice"));
    link.receive(new Message.Bytes(new byte[1000]));
    assertFalse(link.connection().closing());
    link.receive(text("é".repeat(501)));
    hand.runAll();
    assertEquals(CloseCode.TOO_BIG, carrier.closed);
  }

  @Test
  void whoSendsFasterThanItIsServedIsClosedIfNoMoreReadersMayWait() {
    DuplexLink link = open(user("alice"), new Links.LinkLimits(1000, 100, 0));
    link.receive(text("refuse"));
    for (int i = 0; i < 3; i++) {
      link.receive(text("x".repeat(100)));
    }
    assertTrue(link.connection().closing());
    hand.runAll();
    assertEquals(CloseCode.OVERLOAD, carrier.closed);
  }

  @Test
  void nobodyMayAskForNothingAndBecomesSomebodyOnce() {
    DuplexLink link = open(Identity.NOBODY);
    link.receive(text("history,ping"));
    hand.runAll();
    assertEquals(
        List.of("hello nobody", "Refused to History", "PingAnswered to Ping"), carrier.got);
    link.receive(text("am alice"));
    hand.runAll();
    assertEquals("alice", link.connection().identity().user());
    link.receive(text("am bob"));
    hand.runAll();
    assertEquals(CloseCode.FORBIDDEN, carrier.closed);
    assertEquals("alice", link.connection().identity().user());
  }

  @Test
  void whoIsAnApplicationMayBecomeOneUserOfIt() {
    DuplexLink link = open(Identity.NOBODY);
    link.receive(text("am app,am app:alice,am app:alice"));
    hand.runAll();
    assertEquals("app:alice", link.connection().identity().user());
    link.receive(text("am app:bob"));
    hand.runAll();
    assertEquals(CloseCode.FORBIDDEN, carrier.closed);
  }

  @Test
  void nobodyIsClosedAfterTenSeconds() {
    open(Identity.NOBODY);
    pass(10);
    assertNull(carrier.closed);
    pass(2);
    assertEquals(CloseCode.UNAUTHENTICATED, carrier.closed);
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.pass(Duration.ofSeconds(1));
      connections.tick();
      hand.runAll();
    }
  }

  @Test
  void whatHasComeInIsAnsweredBeforeADrainsGoodbye() {
    DuplexLink link = open(user("alice"));
    link.receive(text("refuse"));
    connections.drain(Duration.ofSeconds(10), Duration.ZERO);
    hand.runAll();
    assertEquals(List.of("hello alice", "Refused to null", "bye RESTART"), carrier.got);
    assertEquals(CloseCode.RESTART, carrier.closed);
  }

  @Test
  void aDrainWaitsForPublishesUntilTheyAreAnswered() throws InterruptedException {
    DuplexLink link = open(user("alice"));
    link.publishes().begin(100);
    connections.drain(Duration.ofSeconds(10), Duration.ofSeconds(60));
    Thread worker = Thread.ofVirtual().start(hand::runAll);
    link.reply(new Command.Ping("1"), new Reply.Done("1"));
    link.publishes().end(100);
    worker.join();
    hand.runAll();
    assertEquals(List.of("hello alice", "Done to Ping", "bye RESTART"), carrier.got);
  }

  @Test
  void whileAnInstanceDrainsNobodyIsTakenAndIsToldWhenToComeBack() {
    connections.refuse();
    Links links =
        new Links(
            connections,
            new Commands(null, DuplexLinkTest::user),
            hand,
            Duration.ofSeconds(20),
            Links.LinkLimits.DEFAULTS);
    Codec codec = script.open(new Peer("/script", Map.of(), Map.of()));
    RefusedException refused =
        assertThrows(
            RefusedException.class, () -> links.open(script, codec, user("alice"), carrier, hand));
    Farewell farewell = links.refusal(script, refused);
    assertEquals("drain", farewell.reason());
    assertEquals(4200, farewell.code());
  }

  /** Writes down what it is given. */
  private static final class Carrier implements FrameSink {
    private final List<String> got = new ArrayList<>();
    private @Nullable CloseCode closed;

    @Override
    public void write(List<Frame> frames, Written done) {
      frames.forEach(frame -> got.add(frame.toString()));
      done.ended(true);
    }

    @Override
    public void close(CloseCode code, Farewell farewell, Runnable told) {
      closed = code;
    }
  }

  /** Does what it is told to, one word after another. */
  private static final class Script implements Protocol, FrameEncoder {
    @Override
    public String name() {
      return "script";
    }

    @Override
    public int maxMessage() {
      return 1000;
    }

    @Override
    public FrameEncoder encoder() {
      return this;
    }

    @Override
    public Codec open(Peer peer) {
      return new ScriptCodec();
    }

    @Override
    public String protocol() {
      return "test";
    }

    @Override
    public Frame encode(Delivery delivery) {
      return new Message.Text(delivery.toString());
    }

    @Override
    public Farewell farewell(CloseCode code, String reason, Delivery.@Nullable Goodbye goodbye) {
      return new Farewell(List.of(new Message.Text("bye " + code)), 4200, reason);
    }
  }

  private static final class ScriptCodec implements Codec {
    @Override
    public List<Decoded> opened(Delivery.Welcome welcome) {
      return List.of(new Decoded.Said(new Message.Text("hello " + welcome.user())));
    }

    @Override
    public List<Decoded> decode(Message message) {
      return switch (message) {
        case Message.Text text ->
            Arrays.stream(text.text().split(",", -1)).map(this::part).toList();
        case Message.Bytes bytes -> List.of(said(Arrays.toString(bytes.bytes())));
      };
    }

    private Decoded part(String words) {
      String rest = words.substring(words.indexOf(' ') + 1);
      return switch (words.split(" ", 2)[0]) {
        case "say" -> said(rest);
        case "ping" -> new Decoded.Asked(new Command.Ping(null));
        case "history" ->
            new Decoded.Asked(
                new Command.History(null, new HistoryQuery(new RoomName("a"), null, null, 0, 1)));
        case "am" -> new Decoded.Identified(user(rest));
        case "break" -> new Decoded.Disconnect(CloseCode.PROTOCOL, "broken");
        case "throw" -> throw new IllegalStateException("planted");
        case "bad" -> throw new RefusedException(ErrorCode.BAD_FRAME);
        default -> new Decoded.Invalid(new Reply.Refused(null, Rejection.of(ErrorCode.BAD_FRAME)));
      };
    }

    private static Decoded said(String words) {
      return new Decoded.Said(new Message.Text(words));
    }

    @Override
    public Frame encode(Reply reply, @Nullable Command command) {
      String to = command == null ? "null" : command.getClass().getSimpleName();
      return new Message.Text(reply.getClass().getSimpleName() + " to " + to);
    }

    @Override
    public List<Message> join(List<Frame> frames) {
      return frames.stream().map(frame -> (Message) frame).toList();
    }
  }
}
