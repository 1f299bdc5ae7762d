package io.carillon.core.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.ManualTime;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buckets refill with the time, are bounded, and lose no token to a race. */
class TokenBucketsTest {
  private final ManualTime time = new ManualTime();

  @Test
  void aBucketIsNeverFullerThanFull() {
    TokenBuckets buckets = new TokenBuckets(new Rate(1, 2), 10, time::nanos);
    time.pass(Duration.ofHours(1));
    assertEquals(0, buckets.take("a", 1));
    assertEquals(0, buckets.take("a", 1));
    assertEquals(1_000_000_000, buckets.take("a", 1));
    assertEquals(1_000_000_000, buckets.take("a", 1));
    time.pass(Duration.ofSeconds(1));
    assertEquals(0, buckets.take("a", 1));
    assertTrue(buckets.take("a", 1) > 0);
  }

  @Test
  void beyondTheBoundAllShareOne() {
    TokenBuckets buckets = new TokenBuckets(new Rate(1, 1), 3, time::nanos);
    for (int i = 0; i < 4; i++) {
      assertEquals(0, buckets.take("k" + i, 1));
    }
    assertTrue(buckets.take("k9", 1) > 0);
    assertEquals(4, buckets.size());
    assertTrue(buckets.take("k0", 1) > 0);
    time.pass(Duration.ofSeconds(1));
    buckets.sweep();
    assertEquals(0, buckets.size());
    assertEquals(0, buckets.take("k9", 1));
  }

  @Test
  void aClockThatWrapsDoesNoHarm() {
    long[] now = {Long.MAX_VALUE - 500_000_000};
    TokenBuckets buckets = new TokenBuckets(new Rate(1, 1), 3, () -> now[0]);
    assertEquals(0, buckets.take("a", 1));
    now[0] += 900_000_000;
    assertEquals(100_000_000, buckets.take("a", 1));
    now[0] += 100_000_000;
    assertEquals(0, buckets.take("a", 1));
  }

  @Test
  void manyThreadsGetNoMoreThanTheBurst() {
    TokenBuckets buckets = new TokenBuckets(new Rate(1, 100), 10, time::nanos);
    LongAdder got = new LongAdder();
    IntStream.range(0, 1000)
        .parallel()
        .forEach(
            i -> {
              if (i % 50 == 0) {
                buckets.sweep();
              }
              if (buckets.take("a", 1) == 0) {
                got.increment();
              }
            });
    assertEquals(100, got.sum());
  }

  @Test
  void aRateIsWrittenWithItsBurst() {
    assertEquals(new Rate(20, 100), Rate.parse(" 20/100 "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "0/5", "5/0", "-1/5", "a/b", "1/2/3", "1.5/2", "on"})
  void whatIsNoRateIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Rate.parse(text));
  }
}
