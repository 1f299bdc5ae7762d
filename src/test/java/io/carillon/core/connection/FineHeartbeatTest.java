package io.carillon.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.spi.Probe;
import io.carillon.kit.HandExecutor;
import io.carillon.kit.ManualTime;
import io.carillon.kit.PlainFrames;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Heartbeats finer than a second, with a clock and a timer that go on when told. */
class FineHeartbeatTest {
  private static final Liveness FINE =
      new Liveness(
          Liveness.Begins.SERVER, Duration.ofMillis(300), Duration.ofMillis(200), Duration.ZERO);

  private final ManualTime time = new ManualTime();
  private final HandExecutor hand = new HandExecutor();
  private final PriorityQueue<Look> looks =
      new PriorityQueue<>(Comparator.comparingLong(Look::due));
  private final RecordingSink sink = new RecordingSink();
  private final AtomicInteger ids = new AtomicInteger();
  private final Connections connections =
      new Connections(
          new ConnectionLimits(3, 1000, 400),
          () -> "c" + ids.incrementAndGet(),
          time::nanos,
          time,
          new SplittableRandom(7),
          new RevocationFreshness(RevocationFreshness.MOST, time::nanos),
          Probe.NONE);

  FineHeartbeatTest() {
    connections.lookBy((task, after) -> looks.add(new Look(time.nanos() + after.toNanos(), task)));
  }

  private record Look(long due, Runnable task) {}

  private Connection open(Liveness liveness) {
    Identity who = new Identity("alice", Grants.NONE, null, null);
    return connections.open(who, new PlainFrames(), sink, hand, liveness);
  }

  /** Lets time pass by the millisecond; looks are as late as told. */
  private void pass(int millis, Duration late) {
    for (int i = 0; i < millis; i++) {
      time.pass(Duration.ofMillis(1));
      while (!looks.isEmpty() && looks.peek().due + late.toNanos() <= time.nanos()) {
        looks.remove().task.run();
        hand.runAll();
      }
    }
  }

  private void pass(int millis) {
    pass(millis, Duration.ZERO);
  }

  private int pings() {
    return sink.got(Delivery.HeartbeatDelivery.class).size();
  }

  @Test
  void aPingComesToTheMillisecondAndASilentPeerGoes() {
    open(FINE);
    pass(300);
    assertEquals(0, pings());
    pass(1);
    assertEquals(1, pings());
    pass(200);
    assertNull(sink.closed());
    pass(1);
    assertEquals(CloseCode.HEARTBEAT_MISSED, sink.closed());
    assertEquals(0, connections.count());
    assertTrue(looks.isEmpty());
  }

  @Test
  void aPeerThatAnswersIsPingedOnAndOn() {
    Connection alice = open(FINE);
    for (int i = 1; i <= 10; i++) {
      pass(301);
      assertEquals(i, pings());
      alice.received();
    }
    assertNull(sink.closed());
    alice.gone();
    pass(1000);
    assertTrue(looks.isEmpty());
  }

  @Test
  void whoIsLookedAtTooLateIsAskedAnew() {
    Connection alice = open(FINE);
    pass(301);
    pass(900, Duration.ofMillis(600));
    assertEquals(2, pings());
    assertNull(sink.closed());
    alice.received();
    pass(301);
    assertEquals(3, pings());
    pass(201);
    assertEquals(CloseCode.HEARTBEAT_MISSED, sink.closed());
  }

  @Test
  void aPeerThatBeginsByItselfIsHeardToTheMillisecond() {
    Connection alice = open(Liveness.ofClient(Duration.ofMillis(300), Duration.ofMillis(200)));
    pass(400);
    alice.received();
    pass(500);
    assertNull(sink.closed());
    pass(1);
    assertEquals(CloseCode.HEARTBEAT_MISSED, sink.closed());
  }

  @Test
  void aPingWithoutSpaceIsTriedAgainAndNotWithoutEnd() {
    Connection alice = open(FINE);
    while (alice.deliver(new Delivery.Expiring(Duration.ofSeconds(1)))) {
      // Until its queue is full, for nothing is written.
    }
    pass(301);
    assertEquals(1, looks.size());
    assertEquals(0, pings());
    hand.runAll();
    pass(100);
    assertEquals(1, pings());
  }

  @Test
  void wholeSecondsNeedNoLookOfTheirOwn() {
    open(new Liveness(Duration.ofSeconds(20), true, Duration.ZERO));
    assertTrue(looks.isEmpty());
  }

  @Test
  void ticksDoWhereNobodyLooks() {
    Connections plain =
        new Connections(
            ConnectionLimits.DEFAULTS,
            () -> "p",
            time::nanos,
            time,
            new SplittableRandom(7),
            new RevocationFreshness(RevocationFreshness.MOST, time::nanos),
            Probe.NONE);
    Identity who = new Identity("alice", Grants.NONE, null, null);
    plain.open(who, new PlainFrames(), sink, hand, FINE);
    time.pass(Duration.ofSeconds(1));
    plain.tick();
    hand.runAll();
    assertEquals(1, pings());
  }

  @Test
  void howLongNobodyMayStayIsTheProtocolsToSay() {
    Liveness longer =
        new Liveness(
            Liveness.Begins.NOBODY,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofSeconds(45));
    connections.open(Identity.NOBODY, new PlainFrames(), sink, hand, longer);
    for (int i = 0; i < 46; i++) {
      assertNull(sink.closed());
      time.pass(Duration.ofSeconds(1));
      connections.tick();
      hand.runAll();
    }
    assertEquals(CloseCode.UNAUTHENTICATED, sink.closed());
  }
}
