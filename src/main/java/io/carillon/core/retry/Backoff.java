package io.carillon.core.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * Exponential back-off with jitter: lengths of the pauses between attempts. Each pause is at most
 * twice as long as the one before, up to a limit, and shortened by up to a half at random, so that
 * instances that met the same failure at the same moment do not come back in step. Only computes
 * lengths; the caller waits. Of one thread.
 */
public final class Backoff {
  private final long first;
  private final long limit;
  private final LongUnaryOperator random;
  private long bound;

  /**
   * Creates a back-off before its first pause.
   *
   * @param first upper bound of the first pause; positive
   * @param limit upper bound of every pause; positive
   */
  public Backoff(Duration first, Duration limit) {
    this(first, limit, Backoff::random);
  }

  /**
   * Creates a back-off with a source of jitter.
   *
   * @param random a number from 0 to below its argument, which is positive
   */
  public Backoff(Duration first, Duration limit, LongUnaryOperator random) {
    if (!first.isPositive() || !limit.isPositive()) {
      throw new IllegalArgumentException("a pause is longer than nothing");
    }
    this.limit = limit.toNanos();
    this.first = Math.min(first.toNanos(), this.limit);
    this.random = random;
    this.bound = this.first;
  }

  /** Nanoseconds to wait before the next attempt: from half the current bound to all of it. */
  public long nextNanos() {
    long pause = bound;
    bound = pause > limit / 2 ? limit : pause * 2;
    return pause - random.applyAsLong(pause / 2 + 1);
  }

  /** Begins anew with the first pause: an attempt succeeded. */
  public void reset() {
    bound = first;
  }

  /**
   * A pause that does not grow: from half of {@code mean} to one and a half times as long.
   *
   * @param mean at least a nanosecond
   */
  public static Duration around(Duration mean) {
    return around(mean, Backoff::random);
  }

  private static long random(long bound) {
    return ThreadLocalRandom.current().nextLong(bound);
  }

  static Duration around(Duration mean, LongUnaryOperator random) {
    long nanos = mean.toNanos();
    return Duration.ofNanos(nanos / 2 + random.applyAsLong(nanos));
  }
}
