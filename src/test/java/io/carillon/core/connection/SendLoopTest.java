package io.carillon.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.connection.SendQueue.Offer;
import io.carillon.core.connection.SendQueue.Priority;
import io.carillon.kit.HandExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SendLoopTest {
  private record Numbered(int number) implements Frame {
    @Override
    public int size() {
      return 10;
    }
  }

  /** A carrier that does with a write what it is told. */
  private interface Carrier {
    void write(List<Frame> frames, FrameSink.Written done);
  }

  private final SendQueue sendQueue = new SendQueue(100_000);
  private final HandExecutor hand = new HandExecutor();
  private final List<Integer> got = new ArrayList<>();
  private final AtomicInteger idle = new AtomicInteger();
  private final List<@Nullable RuntimeException> broken = new ArrayList<>();
  private final AtomicInteger written = new AtomicInteger();

  private SendLoop drain(Executor executor, Carrier carrier) {
    FrameSink sink =
        new FrameSink() {
          @Override
          public void write(List<Frame> frames, Written done) {
            frames.forEach(f -> got.add(((Numbered) f).number()));
            carrier.write(frames, done);
          }

          @Override
          public void close(CloseCode code, Farewell farewell, Runnable closed) {}
        };
    return new SendLoop(
        sendQueue, sink, executor, 50, idle::incrementAndGet, broken::add, written::addAndGet);
  }

  private void offer(SendLoop sendLoop, int from, int to) {
    for (int i = from; i < to; i++) {
      if (sendQueue.offer(new Numbered(i), Priority.CONTENT) == Offer.WAKE) {
        sendLoop.wake();
      }
    }
  }

  private void assertGot(int count) {
    assertEquals(count, got.size());
    for (int i = 0; i < count; i++) {
      assertEquals(i, got.get(i));
    }
  }

  @Test
  void aSinkThatAnswersAtOnceIsWrittenToInOneTask() {
    SendLoop sendLoop = drain(hand, (frames, done) -> done.ended(true));
    offer(sendLoop, 0, 1000);
    assertEquals(1, hand.waiting());
    hand.runAll();
    assertGot(1000);
    assertEquals(1000, written.get());
    assertEquals(1, idle.get());
    assertTrue(sendQueue.idle());
  }

  @Test
  void aSinkThatAnswersLaterGetsOneWriteAtATime() {
    List<FrameSink.Written> open = new ArrayList<>();
    SendLoop sendLoop = drain(hand, (frames, done) -> open.add(done));
    offer(sendLoop, 0, 12);
    int writes = 0;
    for (hand.runAll(); !open.isEmpty(); hand.runAll()) {
      assertEquals(1, open.size());
      writes++;
      open.removeFirst().ended(true);
    }
    assertEquals(3, writes);
    assertGot(12);
    assertEquals(1, idle.get());
  }

  @Test
  void aSinkThatAnswersOnAnotherThreadWhileItIsStillCalled() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch all = new CountDownLatch(5000);
      SendLoop sendLoop =
          drain(
              threads,
              (frames, done) -> {
                CompletableFuture<Void> told =
                    CompletableFuture.runAsync(() -> done.ended(true), threads);
                if (frames.size() % 2 == 0) {
                  told.join();
                }
                frames.forEach(f -> all.countDown());
              });
      offer(sendLoop, 0, 5000);
      all.await();
    }
    assertGot(5000);
  }

  @Test
  void neverDeepEvenIfItIsAnsweredInsideOfTheCall() {
    AtomicInteger depth = new AtomicInteger();
    AtomicInteger deepest = new AtomicInteger();
    SendLoop sendLoop =
        drain(
            hand,
            (frames, done) -> {
              deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
              done.ended(true);
              depth.decrementAndGet();
            });
    offer(sendLoop, 0, 9000);
    hand.runAll();
    assertEquals(1, deepest.get());
    assertGot(9000);
  }

  @Test
  void aBrokenCarrierIsToldOnceAndNotWrittenToAgain() {
    SendLoop sendLoop = drain(hand, (frames, done) -> done.ended(false));
    offer(sendLoop, 0, 12);
    hand.runAll();
    assertEquals(1, broken.size());
    assertGot(5);
    assertEquals(0, idle.get());
    assertEquals(0, written.get());
  }

  @Test
  void brokenLaterIsBrokenToo() {
    List<FrameSink.Written> open = new ArrayList<>();
    SendLoop sendLoop = drain(hand, (frames, done) -> open.add(done));
    offer(sendLoop, 0, 12);
    hand.runAll();
    open.removeFirst().ended(false);
    hand.runAll();
    assertEquals(1, broken.size());
    assertGot(5);
  }

  @Test
  void aSinkThatThrowsIsBroken() {
    SendLoop sendLoop =
        drain(
            hand,
            (frames, done) -> {
              throw new IllegalStateException("planted");
            });
    offer(sendLoop, 0, 1);
    hand.runAll();
    assertEquals(1, broken.size());
    assertTrue(broken.getFirst() instanceof IllegalStateException);
  }

  @Test
  void whatASinkSaysTwiceCountsOnce() {
    List<FrameSink.Written> open = new ArrayList<>();
    SendLoop sendLoop = drain(hand, (frames, done) -> open.add(done));
    offer(sendLoop, 0, 20);
    hand.runAll();
    FrameSink.Written first = open.removeFirst();
    first.ended(true);
    first.ended(true);
    first.ended(false);
    assertEquals(1, hand.waiting());
    hand.runAll();
    assertEquals(1, open.size());
    first.ended(true);
    assertEquals(0, hand.waiting());
    assertEquals(5, written.get());
    assertEquals(List.of(), broken);
  }

  @Test
  void aDrainerThatTakesNothingAnyMoreIsBrokenToo() {
    ConcurrentLinkedQueue<FrameSink.Written> open = new ConcurrentLinkedQueue<>();
    boolean[] stopped = new boolean[1];
    SendLoop sendLoop =
        drain(
            task -> {
              if (stopped[0]) {
                throw new RejectedExecutionException("planted");
              }
              hand.execute(task);
            },
            (frames, done) -> open.add(done));
    offer(sendLoop, 0, 12);
    hand.runAll();
    stopped[0] = true;
    FrameSink.Written done = open.remove();
    done.ended(true);
    assertEquals(1, broken.size());
    assertFalse(sendQueue.idle());
  }
}
