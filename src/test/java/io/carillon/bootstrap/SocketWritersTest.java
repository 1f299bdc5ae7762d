package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class SocketWritersTest {
  @Test
  void aThreadIsAddedOnlyWhileAllAreStuck() throws Exception {
    CountDownLatch stuck = new CountDownLatch(2);
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch served = new CountDownLatch(1);
    try (SocketWriters writers = writers(2)) {
      for (int i = 0; i < 2; i++) {
        writers.execute(
            () -> {
              stuck.countDown();
              awaitQuietly(free);
            });
      }
      stuck.await();
      writers.look();
      assertEquals(0, writers.spare(), "nothing waits");
      writers.execute(served::countDown);
      writers.look();
      assertEquals(1, writers.spare());
      assertTrue(served.await(10, TimeUnit.SECONDS), "somebody else is served");
      writers.look();
      assertEquals(1, writers.spare(), "still two are stuck");
      free.countDown();
      awaitNoHelper(writers);
    }
  }

  @Test
  void whatIsGatheredBeginsAfterItsEndAndIsDoneOnceEach() throws Exception {
    int many = 1000;
    AtomicIntegerArray runs = new AtomicIntegerArray(many);
    CountDownLatch all = new CountDownLatch(many);
    AtomicBoolean inside = new AtomicBoolean();
    AtomicInteger early = new AtomicInteger();
    try (SocketWriters writers = writers(2)) {
      writers.during(
          () -> {
            inside.set(true);
            for (int i = 0; i < many; i++) {
              int task = i;
              writers.during(
                  () ->
                      writers.execute(
                          () -> {
                            early.addAndGet(inside.get() ? 1 : 0);
                            runs.incrementAndGet(task);
                            all.countDown();
                          }));
            }
            assertEquals(many, all.getCount(), "an inner call hands nothing over");
            inside.set(false);
          });
      assertTrue(all.await(10, TimeUnit.SECONDS));
    }
    assertEquals(0, early.get());
    for (int i = 0; i < many; i++) {
      assertEquals(1, runs.get(i));
    }
  }

  /** Counted in writes, not by a clock: 5,000 wait, and somebody else is written to. */
  @Test
  void manyWaitersAreWrittenInSlicesBetweenWhichOthersHaveTheirTurn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(5_000);
    AtomicInteger before = new AtomicInteger();
    CountDownLatch other = new CountDownLatch(1);
    try (SocketWriters writers = writers(1)) {
      for (int room = 0; room < 5; room++) {
        writers.during(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                writers.execute(
                    () -> {
                      begun.countDown();
                      awaitQuietly(go);
                      all.countDown();
                    });
              }
            });
      }
      begun.await();
      writers.execute(
          () -> {
            before.set((int) (5_000 - all.getCount()));
            other.countDown();
          });
      go.countDown();
      assertTrue(other.await(10, TimeUnit.SECONDS));
      assertTrue(all.await(10, TimeUnit.SECONDS));
    }
    assertEquals(WriteRound.SLICE, before.get());
  }

  @Test
  void whatIsInSlicesIsWrittenToItsEndWhenTheInstanceStops() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(1_000);
    SocketWriters writers = writers(1);
    writers.during(
        () -> {
          for (int i = 0; i < 1_000; i++) {
            writers.execute(
                () -> {
                  begun.countDown();
                  awaitQuietly(go);
                  all.countDown();
                });
          }
        });
    begun.await();
    writers.shutdown();
    go.countDown();
    assertTrue(all.await(10, TimeUnit.SECONDS));
    assertTrue(writers.awaitTermination(10, TimeUnit.SECONDS));
  }

  @Test
  void whatWasGatheredBeforeAFailureIsStillDone() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    try (SocketWriters writers = writers(1)) {
      assertThrows(
          IllegalStateException.class,
          () ->
              writers.during(
                  () -> {
                    writers.execute(
                        () -> {
                          both.countDown();
                          throw new IllegalArgumentException("a writer's defect");
                        });
                    writers.execute(both::countDown);
                    throw new IllegalStateException("the gatherer's defect");
                  }));
      assertTrue(both.await(10, TimeUnit.SECONDS), "one writer's defect is not the others'");
      CountDownLatch after = new CountDownLatch(1);
      writers.execute(after::countDown);
      assertTrue(after.await(10, TimeUnit.SECONDS), "nothing is gathered any more");
    }
  }

  @Test
  void aStuckWriterHoldsUpNobodyWhoWasGatheredWithIt() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(50);
    try (SocketWriters writers = writers(1)) {
      gatherBehindOneStuck(writers, free, others);
      writers.look();
      assertEquals(1, writers.spare());
      writers.look();
      assertTrue(others.await(10, TimeUnit.SECONDS), "its round has stood still for two looks");
      free.countDown();
      awaitNoHelper(writers);
    }
  }

  @Test
  void theRestOfAStuckRoundIsDoneAlsoWhileOthersGoOn() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(20);
    try (SocketWriters writers = writers(2)) {
      gatherBehindOneStuck(writers, free, others);
      while (others.getCount() > 0) {
        CountDownLatch another = new CountDownLatch(1);
        writers.execute(another::countDown);
        assertTrue(another.await(10, TimeUnit.SECONDS), "the second thread is free");
        writers.look();
      }
      free.countDown();
    }
  }

  /** Gathers a task that is stuck until let go, and behind it all that {@code others} waits for. */
  private static void gatherBehindOneStuck(
      SocketWriters writers, CountDownLatch free, CountDownLatch others)
      throws InterruptedException {
    CountDownLatch stuck = new CountDownLatch(1);
    long many = others.getCount();
    writers.during(
        () -> {
          writers.execute(
              () -> {
                stuck.countDown();
                awaitQuietly(free);
              });
          for (long i = 0; i < many; i++) {
            writers.execute(others::countDown);
          }
        });
    stuck.await();
  }

  @Test
  void onlyAStandstillThatLastsIsWorthALine() throws Exception {
    Logger logger = Logger.getLogger(SocketWriters.class.getName());
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    CountDownLatch free = new CountDownLatch(1);
    try (SocketWriters writers =
        new SocketWriters(1, Thread.ofPlatform().daemon().factory(), helper -> {})) {
      CountDownLatch stuck = new CountDownLatch(1);
      writers.execute(
          () -> {
            stuck.countDown();
            awaitQuietly(free);
          });
      stuck.await();
      writers.execute(() -> {});
      for (int i = 1; i < SocketWriters.LONG_WITHOUT_END; i++) {
        writers.look();
      }
      assertEquals(List.of(), lines, "a busy machine");
      for (int i = 0; i < 1000; i++) {
        writers.look();
      }
      assertEquals(1, lines.size(), lines::toString);
      free.countDown();
    } finally {
      logger.removeHandler(handler);
    }
  }

  private static SocketWriters writers(int usual) {
    return new SocketWriters(
        usual, Thread.ofPlatform().daemon().factory(), task -> Thread.ofVirtual().start(task));
  }

  private static void awaitNoHelper(SocketWriters writers) {
    while (writers.spare() > 0) {
      Thread.onSpinWait();
    }
  }

  /** Not for ever: a test that fails before it lets go ends all the same. */
  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS), "never let go");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
