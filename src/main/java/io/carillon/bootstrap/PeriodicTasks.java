package io.carillon.bootstrap;

import io.carillon.core.spi.LogUnavailableException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Scheduler of periodic tasks: each on a virtual thread of its own, never twice at a time, never
 * ended by a failure.
 */
final class PeriodicTasks implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PeriodicTasks.class.getName());

  private final Threads threads;
  private final List<ScheduledFuture<?>> schedules = new ArrayList<>();

  PeriodicTasks(Threads threads) {
    this.threads = threads;
  }

  /** Task that may fail and is then tried again at its next time. */
  @FunctionalInterface
  interface Task {
    void run() throws Exception;
  }

  /** Schedules {@code work} for every {@code period}, the first time after one period. */
  void every(Duration period, String name, Task work) {
    AtomicBoolean underWay = new AtomicBoolean();
    Runnable tick =
        () -> {
          try {
            attempt(name, work);
          } finally {
            underWay.set(false);
          }
        };
    schedules.add(
        threads
            .timer()
            .scheduleAtFixedRate(
                () -> {
                  if (underWay.compareAndSet(false, true)) {
                    threads.virtual().execute(tick);
                  }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS));
  }

  /**
   * Attempts work; a failure is logged, and the caller retries later.
   *
   * @return whether it succeeded
   */
  static boolean attempt(String name, Task work) {
    try {
      work.run();
      return true;
    } catch (LogUnavailableException e) {
      LOG.log(Level.DEBUG, () -> name + ": " + e.getMessage());
    } catch (Exception | LinkageError e) {
      LOG.log(Level.WARNING, name + " failed and is tried again", e);
    }
    return false;
  }

  @Override
  public void close() {
    schedules.forEach(s -> s.cancel(false));
  }
}
