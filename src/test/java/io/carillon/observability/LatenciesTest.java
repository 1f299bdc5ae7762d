package io.carillon.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void nothingRecordedIsZero() {
    assertEquals(0, latencies.snapshot().count());
    assertEquals(0, latencies.snapshot().quantile(0.99));
  }

  @Test
  void quantilesAreWithinOneStepOfTheTruth() {
    SplittableRandom random = new SplittableRandom(42);
    long[] values = new long[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.exp(random.nextDouble(0, 18));
      latencies.record(values[i]);
    }
    Arrays.sort(values);
    for (double quantile : new double[] {0.01, 0.5, 0.9, 0.99, 0.999, 1}) {
      long truth = values[(int) Math.ceil(quantile * values.length) - 1];
      long read = latencies.snapshot().quantile(quantile);
      assertTrue(read >= truth, quantile + ": " + read + " below " + truth);
      assertTrue(read <= truth * 1.0625, quantile + ": " + read + " too far above " + truth);
    }
  }

  @Test
  void everyValueFallsIntoABucketThatHoldsIt() {
    for (long micros = 0; micros < 1L << 41; micros += 1 + micros / 37) {
      Latencies one = new Latencies();
      one.record(micros);
      long read = one.snapshot().quantile(1);
      long expected = Math.min(micros, (1L << 40) - 1);
      assertTrue(
          read >= expected && read - expected <= expected / 16, micros + " was read as " + read);
    }
  }

  @Test
  void whatIsOutOfRangeCountsAtTheEdge() {
    latencies.record(-5);
    latencies.record(Long.MAX_VALUE);
    assertEquals(0, latencies.snapshot().quantile(0.5));
    assertEquals((1L << 40) - 1, latencies.snapshot().quantile(1));
  }

  @Test
  void aDifferenceHoldsOnlyWhatCameAfter() {
    latencies.record(1_000_000);
    Latencies.Snapshot before = latencies.snapshot();
    latencies.record(10);
    Latencies.Snapshot lately = latencies.snapshot().since(before);
    assertEquals(1, lately.count());
    assertEquals(10, lately.quantile(0.99));
  }

  @Test
  void nothingIsLostBetweenThreads() throws InterruptedException {
    int threads = 4;
    int each = 50_000;
    CountDownLatch done = new CountDownLatch(threads);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (int t = 0; t < threads; t++) {
        executor.execute(
            () -> {
              for (int i = 0; i < each; i++) {
                latencies.record(i % 7);
              }
              done.countDown();
            });
      }
      assertTrue(done.await(20, TimeUnit.SECONDS));
    }
    assertEquals((long) threads * each, latencies.snapshot().count());
  }
}
