package io.carillon.core.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private static long least(long bound) {
    return 0;
  }

  private static long most(long bound) {
    return bound - 1;
  }

  private static long[] millis(Backoff backoff, int pauses) {
    return LongStream.generate(backoff::nextNanos).limit(pauses).map(n -> n / 1_000_000).toArray();
  }

  @Test
  void pausesDoubleUpToTheLimit() {
    long[] pauses = millis(new Backoff(FIRST, LIMIT, BackoffTest::least), 7);
    assertEquals("50 100 200 400 800 1000 1000", words(pauses));
  }

  @Test
  void jitterTakesUpToAHalf() {
    long[] pauses = millis(new Backoff(FIRST, LIMIT, BackoffTest::most), 7);
    assertEquals("25 50 100 200 400 500 500", words(pauses));
  }

  @Test
  void afterASuccessItBeginsAnew() {
    Backoff backoff = new Backoff(FIRST, LIMIT, BackoffTest::least);
    millis(backoff, 9);
    backoff.reset();
    assertEquals("50 100", words(millis(backoff, 2)));
  }

  @Test
  void aLimitBelowTheFirstPauseHolds() {
    long[] pauses = millis(new Backoff(FIRST, Duration.ofMillis(20), BackoffTest::least), 3);
    assertEquals("20 20 20", words(pauses));
  }

  @Test
  void theLongestLimitDoesNotOverflow() {
    Duration most = Duration.ofNanos(Long.MAX_VALUE);
    Backoff backoff = new Backoff(FIRST, most, BackoffTest::least);
    millis(backoff, 60);
    assertEquals(most.toNanos(), backoff.nextNanos());
  }

  @Test
  void aPauseThatDoesNotGrowIsAroundItsMean() {
    assertEquals(Duration.ofMillis(500), Backoff.around(LIMIT, BackoffTest::least));
    assertEquals(Duration.ofNanos(1_499_999_999), Backoff.around(LIMIT, BackoffTest::most));
    Random random = new Random(7);
    double mean =
        LongStream.range(0, 2_000)
            .map(i -> Backoff.around(LIMIT, random::nextLong).toMillis())
            .average()
            .orElseThrow();
    assertEquals(1_000, mean, 25);
  }

  @Test
  void theJitterOfItsOwnStaysWithinTheBounds() {
    for (int i = 0; i < 1_000; i++) {
      long pause = new Backoff(FIRST, LIMIT).nextNanos();
      assertTrue(pause >= FIRST.toNanos() / 2 && pause <= FIRST.toNanos());
      long around = Backoff.around(LIMIT).toMillis();
      assertTrue(around >= 500 && around < 1_500);
    }
  }

  @Test
  void aPauseIsLongerThanNothing() {
    assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, LIMIT));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(FIRST, Duration.ZERO));
  }

  private static String words(long[] pauses) {
    return String.join(" ", LongStream.of(pauses).mapToObj(Long::toString).toList());
  }
}
