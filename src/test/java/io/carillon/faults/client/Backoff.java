package io.carillon.faults.client;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Full jitter from 0–200 ms, doubling to 2 s, as a browser's client does but quicker. */
final class Backoff {
  private static final int FIRST = 200;
  private static final int MOST = 2_000;

  private final RandomGenerator random;
  private int limit = FIRST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** Waits before the next try. */
  void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(limit));
    limit = Math.min(MOST, limit * 2);
  }

  /** It works again. */
  void reset() {
    limit = FIRST;
  }
}
