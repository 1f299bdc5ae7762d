package io.carillon.core.room;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Admission control for what reads the database: so many at a time, the next ones wait a moment in
 * the order in which they came, the rest is told to come back at a random time. One for joins (when
 * an instance dies, everybody comes to the others at once) and one for pages of history, so that
 * neither takes all of the pool. Thread-safe.
 */
final class JoinLimiter {
  private static final long PATIENCE_SECONDS = 5;
  private static final int LEAST_MILLIS = 1000;
  private static final int MORE_MILLIS = 4000;

  private final Semaphore places;
  private final int most;

  /**
   * Makes one that nobody has entered.
   *
   * @param waiting how many may wait
   */
  JoinLimiter(int places, int waiting) {
    this.places = new Semaphore(places, true);
    this.most = waiting;
  }

  /**
   * Waits for a turn; {@link #leave} ends it.
   *
   * @throws RefusedException {@code overloaded} if too many wait already, or it takes too long
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

  /** Whether nobody more should come now. */
  boolean crowded() {
    return places.getQueueLength() >= most;
  }
}
