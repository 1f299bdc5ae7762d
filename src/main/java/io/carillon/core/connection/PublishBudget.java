package io.carillon.core.connection;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bound in bytes on the publishes of one peer that wait for their commit. Thread-safe. */
public final class PublishBudget {
  /** How many bytes may wait. A publish that is larger waits alone. */
  public static final int MOST = 256 * 1024;

  private final Semaphore left = new Semaphore(MOST);

  /** Makes a budget of which nothing is used. */
  public PublishBudget() {}

  /**
   * Counts a publish that begins to wait, and waits until there is room for it.
   *
   * @param bytes its size; pass the same to {@link #end}
   */
  public void begin(int bytes) {
    left.acquireUninterruptibly(Math.min(bytes, MOST));
  }

  /** As {@link #begin}; false: one would wait, nothing was counted. */
  public boolean tryBegin(int bytes) {
    return left.tryAcquire(Math.min(bytes, MOST));
  }

  /** A publish that was counted was answered. */
  public void end(int bytes) {
    left.release(Math.min(bytes, MOST));
  }

  /** Waits until every publish that was counted was answered, or until patience ends. */
  public void awaitAll(Duration patience) {
    try {
      if (left.tryAcquire(MOST, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        left.release(MOST);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
