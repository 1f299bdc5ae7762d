package io.carillon.core.presence;

import io.carillon.core.retry.Backoff;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Failure record of one task that never ends, and its back-off. For the task's thread; only {@link
 * #seconds} may be asked by any.
 */
final class TaskFailures {
  private static final System.Logger LOG = System.getLogger(TaskFailures.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(1);

  /** One line a minute and task, however often it fails. */
  private static final long QUIET = TimeUnit.MINUTES.toNanos(1);

  private final String task;
  private final LongSupplier nanos;
  private final Backoff backoff = new Backoff(FIRST_PAUSE, LAST_PAUSE);
  private int surprises;
  private boolean told;
  private long toldAt;
  private volatile boolean failing;
  private volatile long since;

  /**
   * Creates the record of a task that has not failed.
   *
   * @param task its name, for the log
   * @param nanos a monotonic clock
   */
  TaskFailures(String task, LongSupplier nanos) {
    this.task = task;
    this.nanos = nanos;
  }

  /** Records a success: the next failure is the first of a row. */
  void over() {
    failing = false;
    backoff.reset();
    surprises = 0;
  }

  /** Records that the store is away or refuses for now; how many nanoseconds to wait. */
  long away() {
    if (!failing) {
      since = nanos.getAsLong();
      failing = true;
    }
    return backoff.nextNanos();
  }

  /** Logs an unforeseen exception and records it as {@link #away}. */
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

  /** Number of unforeseen exceptions since the last success. */
  int surprises() {
    return surprises;
  }

  /** Seconds since the first failure of the current row; 0 after a success. */
  double seconds() {
    return failing ? Math.max(0, nanos.getAsLong() - since) / 1e9 : 0;
  }
}
