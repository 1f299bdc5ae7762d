package io.carillon.bootstrap;

import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that write to sockets. No write should ever block, for only what there is credit for
 * is written; yet if all threads are stuck in writes, others are added until some are free again,
 * so that one peer's trick is not everybody's stall.
 */
final class Flushers extends ThreadPoolExecutor {
  /** How often {@link #look} is to be called. */
  static final long LOOK_MILLIS = 50;

  private static final System.Logger LOG = System.getLogger(Flushers.class.getName());

  private final int usual;
  private volatile int spare;
  private long ended;

  /**
   * Starts nothing yet.
   *
   * @param usual how many threads there are when none is stuck
   * @param threads best virtual ones, so that a stuck one costs next to nothing
   */
  Flushers(int usual, ThreadFactory threads) {
    super(usual, usual, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    this.usual = usual;
  }

  /**
   * Adds a thread if tasks wait and none has ended since the last look; by one thread at a time.
   */
  void look() {
    long before = ended;
    ended = getCompletedTaskCount();
    int now = spare;
    if (ended == before && !getQueue().isEmpty()) {
      if (now == 0) {
        LOG.log(Level.WARNING, "no write to a socket has ended for a while; writers are added");
      }
      spare = now + 1;
      setMaximumPoolSize(usual + spare);
      setCorePoolSize(usual + spare);
    } else if (now > 0 && getActiveCount() < now) {
      spare = now - 1;
      setCorePoolSize(usual + spare);
      setMaximumPoolSize(usual + spare);
    }
  }

  /** How many threads there are beyond the usual. */
  int spare() {
    return spare;
  }
}
