package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FlushersTest {
  @Test
  void aThreadIsAddedOnlyWhileAllAreStuck() throws Exception {
    CountDownLatch stuck = new CountDownLatch(2);
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch served = new CountDownLatch(1);
    try (Flushers flushers = new Flushers(2, Thread.ofVirtual().factory())) {
      for (int i = 0; i < 2; i++) {
        flushers.execute(
            () -> {
              stuck.countDown();
              awaitQuietly(free);
            });
      }
      stuck.await();
      flushers.look();
      assertEquals(0, flushers.spare(), "nothing waits");
      flushers.execute(served::countDown);
      flushers.look();
      assertEquals(1, flushers.spare());
      assertTrue(served.await(10, TimeUnit.SECONDS), "somebody else is served");
      flushers.look();
      assertEquals(1, flushers.spare(), "still two are stuck");
      free.countDown();
      while (flushers.getActiveCount() > 0) {
        Thread.onSpinWait();
      }
      flushers.look();
      assertEquals(0, flushers.spare());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
