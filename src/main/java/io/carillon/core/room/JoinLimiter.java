package io.carillon.core.room;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Admission control for database reads: a bounded number runs, a bounded number waits in order of
 * arrival, the rest is refused with a random retry time. There is one for joins (all clients of a
 * dead instance come to the others at once) and one for pages of history, so that neither takes the
 * whole pool. Thread-safe.
 */
final class JoinLimiter {
  private static final long PATIENCE_SECONDS = 5;
  private static final int LEAST_MILLIS = 1000;
  private static final int MORE_MILLIS = 4000;

  private final Semaphore places;
  private final int most;

  /**
   * Creates a limiter.
   *
   * @param waiting the most that may wait
   */
  JoinLimiter(int places, int waiting) {
    this.places = new Semaphore(places, true);
    this.most = waiting;
  }

  /**
   * Waits for a turn; {@link #leave} ends it.
   *
   * @throws RefusedException {@code overloaded} if the queue is full or the wait too long
   */
  void enter() {
    try {
      boolean in =
          places.tryAcquire()
              || (!crowded() && places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS));
      if (in) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    int millis = LEAST_MILLIS + ThreadLocalRandom.current().nextInt(MORE_MILLIS);
    throw new RefusedException(Rejection.retry(ErrorCode.OVERLOADED, Duration.ofMillis(millis)));
  }

  void leave() {
    places.release();
  }

  /** Whether the queue is full, so that new connections are to be refused. */
  boolean crowded() {
    return places.getQueueLength() >= most;
  }
}
