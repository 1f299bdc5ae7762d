package io.carillon.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.room.Commands;
import io.carillon.core.spi.CarillonPrincipal;
import io.carillon.core.spi.Probe;
import io.carillon.kit.HandExecutor;
import io.carillon.kit.ManualTime;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.echo.EchoProtocol;
import io.carillon.transport.duplex.DuplexLink;
import io.carillon.transport.duplex.Links;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a poll does with requests that come too often, too late or never. */
final class DuplexPollTest {
  private final ManualTime time = new ManualTime();
  private final HandExecutor hand = new HandExecutor();
  private final AtomicInteger ids = new AtomicInteger();
  private final EchoProtocol protocol = new EchoProtocol();
  private final Connections connections =
      new Connections(
          new ConnectionLimits(10, 100_000, 100_000),
          () -> "c" + ids.incrementAndGet(),
          time::nanos,
          time,
          new SplittableRandom(1),
          RevocationFreshness.always(),
          Probe.NONE);
  private final Polls polls =
      new Polls(
          new Links(
              connections,
              new Commands(null, token -> new Identity(token, Grants.NONE, null, null)),
              hand,
              Duration.ofSeconds(20),
              Links.LinkLimits.DEFAULTS),
          hand,
          () -> "p" + ids.incrementAndGet(),
          time::nanos,
          2);

  private DuplexPoll open(String user) {
    Peer peer = new Peer("/echo/{app}", Map.of("app", "test"), Map.of());
    DuplexPoll poll = polls.open(protocol, peer, new Known(user));
    hand.runAll();
    return poll;
  }

  private record Known(String user) implements CarillonPrincipal {
    @Override
    public Identity identity() {
      return new Identity(user, Grants.NONE, null, null);
    }

    @Override
    public String getName() {
      return user;
    }
  }

  /** A GET that writes down how it was answered. */
  private static final class Get implements DuplexPoll.Waiter {
    private final List<String> told = new ArrayList<>();

    @Override
    public void messages(List<Message> messages) {
      told.add(messages.toString());
    }

    @Override
    public void closed(Farewell farewell) {
      told.add("x " + farewell.code());
    }

    @Override
    public void superseded() {
      told.add("superseded");
    }
  }

  private Get get(DuplexPoll poll) {
    Get get = new Get();
    poll.get(get);
    hand.runAll();
    return get;
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.pass(Duration.ofSeconds(1));
      connections.tick();
      hand.runAll();
    }
  }

  @Test
  void whatWasSaidBeforeTheFirstGetWaitsForIt() {
    DuplexPoll poll = open("alice");
    assertEquals(List.of("[echo of test]"), get(poll).told);
    Get waits = get(poll);
    assertEquals(List.of(), waits.told);
    pass(3);
    assertEquals(List.of("[?]"), waits.told);
  }

  @Test
  void aGetBringsAllThatWaitsForIt() {
    DuplexPoll poll = open("alice");
    poll.post(List.of(new Message.Text("nonsense")));
    hand.runAll();
    assertEquals(List.of("[echo of test, bye PROTOCOL]"), get(poll).told);
    assertEquals(List.of("x 4990"), get(poll).told);
  }

  @Test
  void aGetThatHasSomethingIsAnsweredWhenTheLinkMoves() {
    DuplexPoll poll = open("alice");
    Get first = new Get();
    poll.get(first);
    assertEquals(List.of(), first.told, "more may follow at once");
    Socket socket = new Socket();
    assertNotNull(poll.moveTo(socket));
    assertEquals(List.of("[echo of test]"), first.told);
    hand.runAll();
    assertEquals(List.of("[echo of test]"), first.told);
    assertEquals(List.of(), socket.got);
  }

  @Test
  void twoGetsAtATimeEndTheLink() {
    DuplexPoll poll = open("alice");
    get(poll);
    Get first = get(poll);
    Get second = get(poll);
    assertEquals(List.of("superseded"), first.told);
    assertEquals(List.of("superseded"), second.told);
    assertEquals(List.of("[bye PROTOCOL]"), get(poll).told);
    assertEquals(List.of("x 4990"), get(poll).told);
    assertNull(polls.find(poll.id(), new Known("alice")));
  }

  @Test
  void whoHasNoGetOpenForTooLongIsGone() {
    DuplexPoll poll = open("alice");
    get(poll);
    Get vanished = get(poll);
    poll.forget(vanished);
    for (int i = 0; i < 22; i++) {
      poll.post(List.of(new Message.Text("!")));
      pass(1);
    }
    assertEquals(0, connections.count());
    pass(22);
    open("bob");
    assertEquals(1, polls.count());
  }

  @Test
  void aLinkBelongsToWhoOpenedIt() {
    DuplexPoll poll = open("alice");
    assertNotNull(polls.find(poll.id(), new Known("alice")));
    assertNotNull(polls.find(poll.id(), null), "the id is a secret of its own");
    assertNull(polls.find(poll.id(), new Known("bob")));
    assertNull(polls.find("p0", new Known("alice")));
    assertNull(polls.find(null, new Known("alice")));
  }

  @Test
  void noMoreThanTheBoundAreOpenAndWhoLeavesMakesRoom() {
    open("alice");
    DuplexPoll second = open("bob");
    assertThrows(RefusedException.class, () -> open("carol"));
    second.leave();
    pass(2);
    open("carol");
    assertEquals(2, connections.count());
  }

  @Test
  void aFarewellThatNobodyAsksForIsForgotten() {
    DuplexPoll poll = open("alice");
    get(poll);
    poll.post(List.of(new Message.Text("nonsense")));
    pass(1);
    assertEquals(1, connections.count(), "its last words wait");
    pass(8);
    assertEquals(0, connections.count());
    assertNotNull(polls.find(poll.id(), null));
    pass(25);
    assertNull(polls.find(poll.id(), null));
    assertEquals(0, polls.count());
  }

  @Test
  void aFarewellIsOutWhenTheRequestThatCarriedItIsOver() {
    DuplexPoll poll = open("alice");
    get(poll);
    Get waits = get(poll);
    connections.drain(Duration.ofSeconds(1), Duration.ofSeconds(1));
    hand.runAll();
    assertEquals(0, connections.count());
    poll.forget(waits);
    assertFalse(connections.allClosed().isDone(), "it went out with the goodbye, not the farewell");
    Get last = get(poll);
    assertEquals("x 4990", last.told.getFirst());
    assertFalse(connections.allClosed().isDone(), "the answer is on its way");
    poll.forget(last);
    assertTrue(connections.allClosed().isDone());
  }

  @Test
  void aFarewellThatNobodyComesForIsOut() {
    DuplexPoll poll = open("alice");
    get(poll);
    get(poll);
    connections.drain(Duration.ofSeconds(1), Duration.ofSeconds(1));
    hand.runAll();
    assertEquals(0, connections.count());
    assertFalse(connections.allClosed().isDone());
    poll.leave();
    assertTrue(connections.allClosed().isDone());
  }

  @Test
  void whatWaitsForAGetMovesWithTheLinkAndComesOnce() {
    DuplexPoll poll = open("alice");
    Socket socket = new Socket();
    poll.post(List.of(new Message.Text("ping me")));
    DuplexLink link = poll.moveTo(socket);
    assertNotNull(link);
    hand.runAll();
    assertEquals("echo of test", socket.got.getFirst());
    assertNull(poll.moveTo(new Socket()));
    assertNull(polls.find(poll.id(), null));
    assertEquals("bye PROTOCOL", socket.got.getLast());
    assertEquals(List.of("echo of test", "bye PROTOCOL", "x 4990"), socket.said());
  }

  @Test
  void aGetThatWaitsIsLetGoWhenTheLinkMoves() {
    DuplexPoll poll = open("alice");
    get(poll);
    Get waits = get(poll);
    Socket socket = new Socket();
    assertNotNull(poll.moveTo(socket));
    assertEquals(List.of("[]"), waits.told);
    pass(3);
    assertEquals(List.of("?"), socket.got);
    assertEquals(1, connections.count());
  }

  @Test
  void aLinkThatHasMovedIsKnownAsLongAsItLives() {
    DuplexPoll poll = open("alice");
    assertNotNull(poll.moveTo(new Socket()));
    hand.runAll();
    pass(2);
    assertNull(polls.find(poll.id(), null));
    assertNotNull(polls.known(poll.id(), null));
    assertFalse(poll.movable());
    poll.leave();
    assertNull(polls.known(poll.id(), null));
    pass(2);
    open("bob");
    assertEquals(1, polls.count());
  }

  @Test
  void noGetWaitsWhileALinkIsAboutToMove() {
    DuplexPoll poll = open("alice");
    get(poll);
    Get waits = get(poll);
    poll.moving(true);
    assertEquals(List.of("[]"), waits.told);
    assertEquals(List.of("[]"), get(poll).told);
    poll.post(List.of(new Message.Text("hello bob")));
    hand.runAll();
    assertEquals(1, get(poll).told.size(), "what is said meanwhile is said here");
    poll.moving(false);
    Get again = get(poll);
    assertEquals(List.of(), again.told);
    pass(3);
    assertEquals(List.of("[?]"), again.told);
  }

  @Test
  void whoHasLeftFindsNothing() {
    DuplexPoll poll = open("alice");
    get(poll);
    get(poll);
    get(poll);
    poll.leave();
    assertNull(polls.find(poll.id(), null));
  }

  /** Another carrier. */
  private static final class Socket implements FrameSink {
    private final List<String> got = new ArrayList<>();
    private String end = "";

    @Override
    public void write(List<Frame> frames, Written done) {
      frames.forEach(frame -> got.add(frame.toString()));
      done.ended(true);
    }

    @Override
    public void close(CloseCode code, Farewell farewell, Runnable closed) {
      end = "x " + farewell.code();
    }

    List<String> said() {
      List<String> all = new ArrayList<>(got);
      all.add(end);
      return all;
    }
  }
}
