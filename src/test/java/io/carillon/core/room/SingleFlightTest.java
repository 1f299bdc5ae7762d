package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SingleFlightTest {
  private final SingleFlight<String, Integer> flights = new SingleFlight<>();
  private final AtomicInteger reads = new AtomicInteger();

  @Test
  void oneAfterTheOtherReadsEachTime() {
    assertEquals(1, flights.fresh("a", reads::incrementAndGet));
    assertEquals(2, flights.fresh("a", reads::incrementAndGet));
  }

  @Test
  void aFailureIsNotRemembered() {
    assertThrows(
        IllegalStateException.class,
        () ->
            flights.fresh(
                "a",
                () -> {
                  throw new IllegalStateException("planted");
                }));
    assertEquals(1, flights.fresh("a", reads::incrementAndGet));
  }

  @Test
  void whoComesDuringAReadSharesTheNextOne() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Integer> first =
          CompletableFuture.supplyAsync(
              () ->
                  flights.fresh(
                      "a",
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
                  return flights.fresh("a", reads::incrementAndGet);
                },
                threads));
      }
      await(asking);
      go.countDown();
      assertEquals(1, first.join());
      others.forEach(o -> assertTrue(o.join() > 1, "older than the question"));
    }
  }

  @Test
  void whoJoinsDuringAReadSharesIt() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Integer> first =
          CompletableFuture.supplyAsync(
              () ->
                  flights.join(
                      "a",
                      () -> {
                        begun.countDown();
                        await(go);
                        return reads.incrementAndGet();
                      }),
              threads);
      await(begun);
      assertEquals(1, flights.join("b", reads::incrementAndGet), "another key waited");
      CompletableFuture<Integer> second =
          CompletableFuture.supplyAsync(() -> flights.join("a", () -> -1), threads);
      go.countDown();
      assertEquals(2, first.join());
      assertTrue(List.of(2, -1).contains(second.join()));
    }
  }

  @Test
  void whoWaitsForALaterReadIsNotHarmedByAFailureOfTheOneBefore() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Integer> first =
          CompletableFuture.supplyAsync(
              () ->
                  flights.fresh(
                      "a",
                      () -> {
                        begun.countDown();
                        await(go);
                        throw new IllegalStateException("planted");
                      }),
              threads);
      await(begun);
      CompletableFuture<Integer> second =
          CompletableFuture.supplyAsync(() -> flights.fresh("a", reads::incrementAndGet), threads);
      go.countDown();
      assertThrows(CompletionException.class, first::join);
      assertEquals(1, second.join());
      assertEquals(2, flights.fresh("a", reads::incrementAndGet), "the key is stuck");
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
