package io.carillon.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.spi.Probe;
import io.carillon.kit.HandExecutor;
import io.carillon.kit.ManualTime;
import io.carillon.kit.PlainFrames;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Connections, their pulse and their end, with a clock that goes on when told. */
class ConnectionsTest {
  private static final Liveness SOCKET = new Liveness(Duration.ofSeconds(20), true, Duration.ZERO);
  private static final Liveness STREAM =
      new Liveness(Duration.ofSeconds(15), false, Duration.ofMinutes(5));

  private final ManualTime time = new ManualTime();
  private final HandExecutor hand = new HandExecutor();
  private final PlainFrames frames = new PlainFrames();
  private final RecordingSink sink = new RecordingSink();
  private final AtomicInteger ids = new AtomicInteger();
  private final List<Connection> ended = new ArrayList<>();
  private final ManualTime rightsTime = new ManualTime();
  private final RevocationFreshness freshness =
      new RevocationFreshness(RevocationFreshness.MOST, rightsTime::nanos);
  private final Connections connections =
      new Connections(
          new ConnectionLimits(3, 1000, 400),
          () -> "c" + ids.incrementAndGet(),
          time::nanos,
          time,
          new SplittableRandom(7),
          freshness,
          Probe.NONE);

  ConnectionsTest() {
    connections.onEnd(ended::add);
  }

  private Connection open(Liveness liveness, @Nullable Instant expires) {
    Identity who = new Identity("alice", Grants.NONE, null, expires);
    return connections.open(who, frames, sink, hand, liveness);
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.pass(Duration.ofSeconds(1));
      connections.tick();
      hand.runAll();
    }
  }

  private int pings() {
    return sink.got(Delivery.HeartbeatDelivery.class).size();
  }

  private static Delivery event(String name, int size) {
    return new Delivery.EventDelivery(
        new Event(
            new RoomName("r"),
            "e",
            1,
            "i",
            name,
            "x".repeat(size),
            null,
            "u",
            Instant.EPOCH,
            null));
  }

  @Test
  void aSilentPeerIsClosedTenSecondsAfterItsPing() {
    open(SOCKET, null);
    pass(20);
    assertEquals(1, pings());
    pass(10);
    assertNull(sink.closed());
    pass(1);
    assertEquals(CloseCode.HEARTBEAT_MISSED, sink.closed());
    assertEquals(0, connections.count());
    assertEquals(1, ended.size());
  }

  @Test
  void aSilentPeerIsClosedAlsoIfPingsFollowEachOtherFasterThanItMayBeSilent() {
    open(new Liveness(Duration.ofSeconds(4), true, Duration.ZERO), null);
    pass(14);
    assertEquals(3, pings());
    assertNull(sink.closed());
    pass(1);
    assertEquals(CloseCode.HEARTBEAT_MISSED, sink.closed());
  }

  @Test
  void aPeerThatAnswersStays() {
    Connection connection = open(SOCKET, null);
    for (int i = 0; i < 30; i++) {
      pass(9);
      connection.received();
    }
    assertNull(sink.closed());
    assertEquals(13, pings());
  }

  @Test
  void aStreamIsPingedAndNeverJudged() {
    open(STREAM, null);
    pass(200);
    assertNull(sink.closed());
    assertEquals(13, pings());
  }

  @Test
  void nobodyIsJudgedByAPingThatWasNotSent() {
    Connection connection = open(SOCKET, null);
    sink.stall();
    connection.deliver(event("n", 1));
    hand.runAll();
    connection.deliver(event("n", 700));
    pass(60);
    assertNull(sink.closed());
    sink.flow();
    hand.runAll();
    pass(1);
    assertEquals(1, pings());
    pass(11);
    assertEquals(CloseCode.HEARTBEAT_MISSED, sink.closed());
  }

  @Test
  void nobodyIsJudgedByATimeInWhichTheInstanceStoodStill() {
    Connection connection = open(SOCKET, null);
    pass(20);
    time.pass(Duration.ofSeconds(60));
    connections.tick();
    hand.runAll();
    assertNull(sink.closed());
    assertEquals(2, pings());
    connection.received();
    pass(15);
    assertNull(sink.closed());
  }

  @Test
  void aStreamEndsWithAGoodbyeBeforeItsAge() {
    open(STREAM, null);
    pass(239);
    assertNull(sink.closed());
    pass(62);
    assertEquals(CloseCode.MOVED, sink.closed());
    Delivery.Goodbye goodbye = sink.got(Delivery.Goodbye.class).getFirst();
    assertEquals("renew", goodbye.reason());
    assertEquals(goodbye, sink.got().getLast());
  }

  @Test
  void theEndOfATokenIsSaidAMinuteBeforeAndKept() {
    open(SOCKET, time.instant().plusSeconds(150));
    for (int i = 0; i < 89; i++) {
      pass(1);
      connections.all().forEach(Connection::received);
    }
    assertEquals(List.of(), sink.got(Delivery.Expiring.class));
    pass(1);
    assertEquals(Duration.ofSeconds(60), sink.got(Delivery.Expiring.class).getFirst().in());
    ended.clear();
    Connection connection = connections.all().iterator().next();
    for (int i = 0; i < 59; i++) {
      pass(1);
      connection.received();
    }
    assertNull(sink.closed());
    pass(1);
    assertEquals(CloseCode.TOKEN_EXPIRED, sink.closed());
    assertEquals(1, sink.got(Delivery.Expiring.class).size());
    assertEquals("expired", sink.got(Delivery.Goodbye.class).getFirst().reason());
  }

  @Test
  void aFreshTokenIsWarnedAboutAnew() {
    Connection connection = open(Liveness.NONE, time.instant().plusSeconds(60));
    pass(31);
    assertEquals(1, sink.got(Delivery.Expiring.class).size());
    connection.renew(new Identity("alice", Grants.NONE, null, time.instant().plusSeconds(100)));
    pass(60);
    assertNull(sink.closed());
    assertEquals(2, sink.got(Delivery.Expiring.class).size());
    pass(40);
    assertEquals(CloseCode.TOKEN_EXPIRED, sink.closed());
  }

  /** A login server that hands out tokens of less than a minute is not asked without end. */
  @Test
  void aShortTokenIsWarnedAboutOnceAndNotAtOnce() {
    Connection connection = open(Liveness.NONE, time.instant().plusSeconds(50));
    pass(24);
    assertEquals(List.of(), sink.got(Delivery.Expiring.class));
    pass(2);
    assertEquals(1, sink.got(Delivery.Expiring.class).size());
    connection.renew(new Identity("alice", Grants.NONE, null, time.instant().plusSeconds(50)));
    pass(24);
    assertEquals(1, sink.got(Delivery.Expiring.class).size());
    pass(2);
    assertEquals(2, sink.got(Delivery.Expiring.class).size());
    connection.renew(connection.identity());
    pass(20);
    assertEquals(2, sink.got(Delivery.Expiring.class).size(), "the same token again");
    pass(4);
    assertEquals(CloseCode.TOKEN_EXPIRED, sink.closed());
  }

  @Test
  void whoIsNotLetInHearsWhy() {
    Rejection full = Rejection.of(ErrorCode.OVERLOADED);
    assertEquals("overloaded", connections.reason(full));
    connections.refuse();
    assertEquals("drain", connections.reason(full));
    assertEquals("storage", connections.reason(Rejection.of(ErrorCode.STORAGE)));
  }

  @Test
  void whoLostTheRightGetsNothingOfWhatWaits() {
    Connection connection = open(SOCKET, null);
    sink.stall();
    connection.deliver(event("n", 1));
    hand.runAll();
    connection.deliver(event("n", 2));
    connections.close("alice", CloseCode.KICKED, "kicked");
    assertFalse(connection.deliver(event("n", 3)));
    assertNull(sink.closed(), "closed during a write");
    sink.flow();
    hand.runAll();
    assertEquals(CloseCode.KICKED, sink.closed());
    assertEquals(1, sink.got().size());
  }

  @Test
  void whoIsClosedInOrderGetsWhatWaitsAndTheLastWord() {
    Connection connection = open(SOCKET, null);
    connection.deliver(event("n", 1));
    connection.deliver(event("n", 2));
    connections.drain(Duration.ofSeconds(10), Duration.ZERO);
    assertEquals(1, connections.count());
    hand.runAll();
    assertEquals(CloseCode.RESTART, sink.closed());
    assertEquals(3, sink.got().size());
    assertTrue(sink.got(Delivery.Goodbye.class).getFirst().reconnectIn().toMillis() < 10_000);
    assertEquals(0, connections.count());
    assertEquals(1, ended.size());
    RefusedException refused = assertThrows(RefusedException.class, () -> open(SOCKET, null));
    assertEquals(ErrorCode.OVERLOADED, refused.rejection().code());
  }

  @Test
  void whatHasComeInIsSettledBeforeTheGoodbye() {
    Connection connection = open(SOCKET, null);
    List<Runnable> settled = new ArrayList<>();
    connection.comesIn((patience, task) -> settled.add(task));
    connections.drain(Duration.ofSeconds(10), Duration.ofSeconds(60));
    connection.answer(PlainFrames.of(new Reply.Done("1")));
    hand.runAll();
    assertNull(sink.closed());
    settled.getFirst().run();
    hand.runAll();
    assertEquals(new Reply.Done("1"), sink.got().getFirst());
    assertEquals(1, sink.got(Delivery.Goodbye.class).size());
    assertEquals(2, sink.got().size());
    assertEquals(CloseCode.RESTART, sink.closed());
  }

  @Test
  void whereNothingIsWorkedOnAnyMoreTheGoodbyeComesAtOnce() {
    open(SOCKET, null).comesIn((patience, task) -> false);
    connections.drain(Duration.ofSeconds(10), Duration.ofSeconds(60));
    hand.runAll();
    assertEquals(CloseCode.RESTART, sink.closed());
  }

  @Test
  void aWriteThatEndsWhileTheLastWordsAreMadeDoesNotCloseBeforeThem() {
    FrameEncoder slow =
        new FrameEncoder() {
          @Override
          public String protocol() {
            return "test";
          }

          @Override
          public Frame encode(Delivery delivery) {
            return frames.encode(delivery);
          }

          @Override
          public Farewell farewell(
              CloseCode code, String reason, Delivery.@Nullable Goodbye goodbye) {
            hand.runAll();
            return FrameEncoder.super.farewell(code, reason, goodbye);
          }
        };
    Identity who = new Identity("alice", Grants.NONE, null, null);
    Connection connection = connections.open(who, slow, sink, hand, SOCKET);
    connection.deliver(event("n", 1));
    connections.drain(Duration.ofSeconds(10), Duration.ZERO);
    hand.runAll();
    assertEquals(1, sink.got(Delivery.EventDelivery.class).size());
    assertEquals(1, sink.got(Delivery.Goodbye.class).size());
    assertEquals(CloseCode.RESTART, sink.closed());
  }

  @Test
  void aDrainIsCutShortForWhoIsNotDone() {
    open(SOCKET, null).comesIn((patience, task) -> true);
    connections.drain(Duration.ofSeconds(10), Duration.ofSeconds(60));
    connections.cutShort(Duration.ofSeconds(10));
    hand.runAll();
    assertEquals(1, sink.got(Delivery.Goodbye.class).size());
    assertEquals(CloseCode.RESTART, sink.closed());
  }

  @Test
  void aPeerThatDoesNotReadItsLastWordsLosesThemButNotItsCarrierDuringAWrite() {
    Connection connection = open(SOCKET, null);
    sink.stall();
    connection.deliver(event("n", 1));
    hand.runAll();
    connection.deliver(event("n", 2));
    connection.close(CloseCode.NORMAL, "bye");
    pass(6);
    assertNull(sink.closed());
    sink.flow();
    hand.runAll();
    assertEquals(CloseCode.NORMAL, sink.closed());
    assertEquals(1, sink.got().size());
  }

  @Test
  void aWriteThatNeverEndsIsGivenUp() {
    Connection connection = open(SOCKET, null);
    sink.stall();
    connection.deliver(event("n", 1));
    hand.runAll();
    connection.close(CloseCode.NORMAL, "bye");
    pass(31);
    assertEquals(CloseCode.OVERLOAD, sink.closed());
    assertEquals(1, ended.size());
    sink.end(true);
    hand.runAll();
    assertEquals(1, sink.got().size());
    assertEquals(1, ended.size());
  }

  @Test
  void nothingOfARoomIsToldWhileItIsNotSureWhoHasTheRight() {
    Connection connection = open(SOCKET, null);
    Signal signal = new Signal(new RoomName("r"), new EventName("s"), "0", "u", "", null);
    rightsTime.pass(RevocationFreshness.MOST);
    assertTrue(connection.deliver(event("n", 1)));
    rightsTime.pass(Duration.ofMillis(1));
    assertFalse(connection.deliver(event("n", 2)));
    assertFalse(connection.deliver(new SharedDelivery(event("n", 3))));
    assertFalse(connection.deliver(new Delivery.SignalDelivery(signal)));
    assertTrue(connection.deliver(new Delivery.HeartbeatDelivery()));
    connection.answer(PlainFrames.of(new Reply.Done("1")));
    hand.runAll();
    assertEquals(3, sink.got().size());
    assertNull(sink.closed());
  }

  @Test
  void whatWaitsForKnowledgeOfRightsGoesOnWithIt() {
    Connection connection = open(SOCKET, null);
    AtomicInteger tries = new AtomicInteger();
    rightsTime.pass(Duration.ofSeconds(5));
    connection.whenSpace(tries::incrementAndGet);
    hand.runAll();
    assertEquals(0, tries.get());
    long old = freshness.now();
    rightsTime.pass(Duration.ofSeconds(5));
    freshness.renew(old);
    hand.runAll();
    assertEquals(0, tries.get(), "what was read is too old by now");
    freshness.renew(freshness.now());
    hand.runAll();
    assertEquals(1, tries.get());
    assertTrue(connection.deliver(event("n", 1)));
  }

  @Test
  void whoseTokenHasEndedIsSentAwayWithTheRevoked() {
    open(SOCKET, time.instant().plusSeconds(100));
    connections.all().forEach(Connection::expire);
    assertNull(sink.closed());
    time.pass(Duration.ofSeconds(100));
    connections.all().forEach(Connection::expire);
    hand.runAll();
    assertEquals(CloseCode.TOKEN_EXPIRED, sink.closed());
  }

  @Test
  void aPeerThatIsKickedDuringAWriteIsNotWaitedForAndIsToldWhy() {
    Connection connection = open(SOCKET, null);
    sink.stall();
    connection.deliver(event("n", 1));
    hand.runAll();
    connection.deliver(event("n", 2));
    assertFalse(sink.hurried());
    connection.close(CloseCode.KICKED, "kicked");
    assertTrue(sink.hurried());
    sink.end(false);
    hand.runAll();
    assertEquals(CloseCode.KICKED, sink.closed());
    assertEquals(1, sink.got().size());
  }

  /** A poll keeps for its next GET what is written after that, and drops what waited before. */
  @Test
  void theLastWordsAreWrittenAfterTheCarrierIsHurried() {
    List<String> calls = new ArrayList<>();
    FrameSink order =
        new FrameSink() {
          @Override
          public void write(List<Frame> frames, Written done) {
            calls.add("write");
            done.ended(true);
          }

          @Override
          public void hurry() {
            calls.add("hurry");
          }

          @Override
          public void close(CloseCode code, Farewell farewell, Runnable closed) {
            calls.add("close");
          }
        };
    Identity who = new Identity("alice", Grants.NONE, null, null);
    connections.open(who, new PlainFrames(), order, Runnable::run, SOCKET).rightsChanged();
    assertEquals(List.of("hurry", "write", "close"), calls);
  }

  @Test
  void aPeerThatIsToldGoodbyeIsWaitedForSomeSeconds() {
    Connection connection = open(SOCKET, null);
    sink.stall();
    connection.deliver(event("n", 1));
    hand.runAll();
    connection.close(CloseCode.RESTART, "bye");
    pass(4);
    assertFalse(sink.hurried());
    pass(1);
    assertTrue(sink.hurried());
    sink.end(false);
    hand.runAll();
    assertEquals(CloseCode.OVERLOAD, sink.closed());
  }

  @Test
  void whoIsGoneIsGoneOnce() {
    Connection connection = open(SOCKET, null);
    connection.deliver(event("n", 1));
    connection.gone();
    connection.gone();
    connection.close(CloseCode.NORMAL, "bye");
    hand.runAll();
    assertEquals(List.of(connection), ended);
    assertEquals(List.of(), sink.got());
    assertNull(sink.closed());
    assertFalse(connection.deliver(event("n", 1)));
    connection.whenSpace(() -> ended.clear());
    assertEquals(1, ended.size());
  }

  @Test
  void aBrokenWriteEndsTheConnection() {
    Connection connection = open(SOCKET, null);
    sink.stall();
    connection.deliver(event("n", 1));
    hand.runAll();
    connection.deliver(event("n", 2));
    sink.end(false);
    hand.runAll();
    assertEquals(CloseCode.OVERLOAD, sink.closed());
    assertEquals(List.of(connection), ended);
    assertEquals(1, sink.got().size());
  }

  @Test
  void anEventThatCannotBeEncodedClosesOnlyThatConnectionAndNotUnderTheCallersLock() {
    Connection connection = open(SOCKET, null);
    assertFalse(connection.deliver(event("poison", 1)));
    assertTrue(connection.closing());
    assertEquals(List.of(), ended, "ended on the caller's thread");
    pass(1);
    assertEquals(CloseCode.MOVED, sink.closed());
    assertEquals(1, ended.size());
  }

  @Test
  void aPeerThatAsksOnButDoesNotReadIsClosed() {
    Connection connection = open(SOCKET, null);
    sink.stall();
    for (int i = 0; i < 30; i++) {
      connection.answer(PlainFrames.of(new Reply.Done("1")));
      hand.runAll();
    }
    assertTrue(connection.closing());
    assertTrue(connection.waiting() <= 2000);
    sink.flow();
    hand.runAll();
    assertEquals(CloseCode.OVERLOAD, sink.closed());
  }

  @Test
  void signalsGiveWayFirst() {
    Connection connection = open(SOCKET, null);
    sink.stall();
    connection.deliver(event("n", 1));
    hand.runAll();
    connection.deliver(event("n", 400));
    Signal signal = new Signal(new RoomName("r"), new EventName("s"), "0", "u", "", null);
    assertFalse(connection.deliver(new Delivery.SignalDelivery(signal)));
    assertTrue(connection.deliver(event("n", 1)));
  }

  @Test
  void noMoreThanTheBoundAreOpen() {
    for (int i = 0; i < 3; i++) {
      open(Liveness.NONE, null);
    }
    assertThrows(RefusedException.class, () -> open(Liveness.NONE, null));
    connections.all().iterator().next().gone();
    open(Liveness.NONE, null);
    assertEquals(3, connections.count());
  }

  @Test
  void oneEventIsEncodedOnceForAll() {
    SharedDelivery sharedDelivery = new SharedDelivery(event("n", 1));
    for (int i = 0; i < 3; i++) {
      assertTrue(open(Liveness.NONE, null).deliver(sharedDelivery));
    }
    assertEquals(1, frames.encodedEvents());
  }
}
