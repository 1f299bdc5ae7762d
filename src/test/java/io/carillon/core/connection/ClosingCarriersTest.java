package io.carillon.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.spi.Probe;
import io.carillon.kit.HandExecutor;
import io.carillon.kit.ManualTime;
import io.carillon.kit.PlainFrames;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The drain ends when every peer has been told, not when the last connection is over. */
final class ClosingCarriersTest {
  private static final Duration SPREAD = Duration.ofSeconds(2);

  private final ManualTime time = new ManualTime();
  private final HandExecutor hand = new HandExecutor();
  private final AtomicInteger ids = new AtomicInteger();
  private final Connections connections =
      new Connections(
          ConnectionLimits.DEFAULTS,
          () -> "c" + ids.incrementAndGet(),
          time::nanos,
          time,
          new SplittableRandom(7),
          RevocationFreshness.always(),
          Probe.NONE);

  private Connection open(FrameSink sink) {
    Identity who = new Identity("alice", Grants.NONE, null, null);
    return connections.open(who, new PlainFrames(), sink, hand, Liveness.NONE);
  }

  private CompletableFuture<Void> drain() {
    CompletableFuture<Void> closed = connections.allClosed();
    assertFalse(closed.isDone(), "nobody was sent away yet");
    connections.drain(SPREAD, SPREAD);
    hand.runAll();
    return closed;
  }

  private void pass(Duration period) {
    time.pass(period);
    connections.tick();
    hand.runAll();
  }

  @Test
  void aCarrierThatTellsLaterHoldsTheDrain() {
    RecordingSink late = new RecordingSink().holdClose();
    open(late);
    open(new RecordingSink());
    CompletableFuture<Void> closed = drain();
    assertEquals(CloseCode.RESTART, late.closed());
    assertEquals(0, connections.count(), "both are over");
    assertFalse(closed.isDone());
    pass(Duration.ofMillis(1900));
    assertFalse(closed.isDone());
    late.tellClosed();
    assertTrue(closed.isDone());
    late.tellClosed();
  }

  @Test
  void aCarrierThatNeverTellsHoldsItNoLongerThanTheBound() {
    open(new RecordingSink().holdClose());
    CompletableFuture<Void> closed = drain();
    pass(Duration.ofMillis(1900));
    assertFalse(closed.isDone());
    pass(Duration.ofMillis(200));
    assertTrue(closed.isDone());
  }

  @Test
  void aCloseBeforeTheDrainHoldsItToo() {
    RecordingSink late = new RecordingSink().holdClose();
    open(late).close(CloseCode.KICKED, "kicked");
    hand.runAll();
    assertEquals(CloseCode.KICKED, late.closed());
    CompletableFuture<Void> closed = drain();
    assertFalse(closed.isDone());
    late.tellClosed();
    assertTrue(closed.isDone());
  }

  @Test
  void whoseCarrierVanishedOrFailsToCloseHoldsNothing() {
    open(new RecordingSink().holdClose()).gone();
    FrameSink failing =
        new FrameSink() {
          @Override
          public void write(List<Frame> frames, Written done) {
            done.ended(true);
          }

          @Override
          public void close(CloseCode code, Farewell farewell, Runnable closed) {
            throw new IllegalStateException("planted");
          }
        };
    open(failing);
    assertTrue(drain().isDone());
  }

  @Test
  void withNobodyThereItEndsAtOnceButNotBeforeItBegins() {
    assertTrue(drain().isDone());
  }
}
