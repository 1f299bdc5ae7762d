package io.carillon.backplane.postgres;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Exponential back-off: pauses from 50 ms, doubling to a limit, each shortened by up to a half. */
final class Backoff {
  private static final long FIRST = Duration.ofMillis(50).toNanos();

  private final long limit;
  private long next = FIRST;

  Backoff(Duration limit) {
    this.limit = limit.toNanos();
  }

  long nextNanos() {
    long pause = Math.min(next, limit);
    next = Math.min(limit, pause * 2);
    return pause - ThreadLocalRandom.current().nextLong(pause / 2 + 1);
  }

  void reset() {
    next = FIRST;
  }
}
