package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FreshTest {
  private final Fresh<Integer> fresh = new Fresh<>();
  private final AtomicInteger reads = new AtomicInteger();

  @Test
  void oneAfterTheOtherReadsEachTime() {
    assertEquals(1, fresh.read(reads::incrementAndGet));
    assertEquals(2, fresh.read(reads::incrementAndGet));
  }

  @Test
  void aFailureIsNotRemembered() {
    assertThrows(
        IllegalStateException.class,
        () ->
            fresh.read(
                () -> {
                  throw new IllegalStateException("planted");
                }));
    assertEquals(1, fresh.read(reads::incrementAndGet));
  }

  @Test
  void whoComesDuringAReadSharesTheNextOne() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Integer> first =
          CompletableFuture.supplyAsync(
              () ->
                  fresh.read(
                      () -> {
                        begun.countDown();
                        await(go);
                        return reads.incrementAndGet();
                      }),
              threads);
      await(begun);
      CountDownLatch asking = new CountDownLatch(50);
      List<CompletableFuture<Integer>> others = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        others.add(
            CompletableFuture.supplyAsync(
                () -> {
                  asking.countDown();
                  return fresh.read(reads::incrementAndGet);
                },
                threads));
      }
      await(asking);
      go.countDown();
      assertEquals(1, first.join());
      others.forEach(o -> assertTrue(o.join() > 1, "older than the question"));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
