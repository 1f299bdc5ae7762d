package io.carillon.core.presence;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Exponential back-off and failure record of one task that must never end. For the task's thread;
 * only {@link #seconds} may be asked by any.
 */
final class Trouble {
  private static final System.Logger LOG = System.getLogger(Trouble.class.getName());
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LAST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  /** One line a minute and task, however often it fails. */
  private static final long QUIET = TimeUnit.MINUTES.toNanos(1);

  private final String task;
  private final LongSupplier nanos;
  private long pause = FIRST_PAUSE;
  private int surprises;
  private boolean told;
  private long toldAt;
  private volatile boolean failing;
  private volatile long since;

  /**
   * A task without trouble.
   *
   * @param task what it does, for the log
   * @param nanos a monotonic clock
   */
  Trouble(String task, LongSupplier nanos) {
    this.task = task;
    this.nanos = nanos;
  }

  /** The task did what it had to do. */
  void over() {
    failing = false;
    pause = FIRST_PAUSE;
    surprises = 0;
  }

  /** The store is away, or does not take it at the moment; how many nanoseconds to wait. */
  long away() {
    if (!failing) {
      since = nanos.getAsLong();
      failing = true;
    }
    long now = pause;
    pause = Math.min(LAST_PAUSE, pause * 2);
    return now;
  }

  /** Logs an unforeseen exception, which counts as {@link #away}. */
  long surprise(Throwable what) {
    surprises++;
    boolean quiet = told && nanos.getAsLong() - toldAt < QUIET;
    LOG.log(quiet ? Level.DEBUG : Level.WARNING, task + " failed and goes on", what);
    if (!quiet) {
      told = true;
      toldAt = nanos.getAsLong();
    }
    return away();
  }

  /** How many surprises there were since the task last did what it had to do. */
  int surprises() {
    return surprises;
  }

  /** For how many seconds nothing has worked; 0 if all is well. */
  double seconds() {
    return failing ? Math.max(0, nanos.getAsLong() - since) / 1e9 : 0;
  }
}
