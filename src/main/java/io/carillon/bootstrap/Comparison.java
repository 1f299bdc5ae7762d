package io.carillon.bootstrap;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Coalesced comparison of all positions that this instance follows with the database: one task for
 * all requests, some time apart, tried again until it succeeds. Thread-safe; asking returns at
 * once.
 */
final class Comparison {
  /** All requests of one burst share one comparison. */
  static final Duration GATHERING = Duration.ofMillis(50);

  /** From the beginning of one comparison to that of the next. */
  static final Duration APART = Duration.ofMillis(250);

  /** After a failure. */
  static final Duration AGAIN = Duration.ofSeconds(1);

  private final PeriodicTasks.Task look;
  private final PeriodicTasks.Task missed;
  private final Executor executor;
  private final BiConsumer<Runnable, Duration> later;
  private final LongSupplier nanos;
  private final ReentrantLock one = new ReentrantLock();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicBoolean doubted = new AtomicBoolean();
  private volatile long earliest;

  /**
   * Creates a comparison; nothing runs before the first request.
   *
   * @param look compares all positions with the database
   * @param missed discards trust in the known state; runs before the comparison
   * @param executor runs them; they block, so give virtual threads
   * @param later runs a short task after a while
   * @param nanos a monotonic clock
   */
  Comparison(
      PeriodicTasks.Task look,
      PeriodicTasks.Task missed,
      Executor executor,
      BiConsumer<Runnable, Duration> later,
      LongSupplier nanos) {
    this.look = look;
    this.missed = missed;
    this.executor = executor;
    this.later = later;
    this.nanos = nanos;
    this.earliest = nanos.getAsLong();
  }

  /** Requests a comparison, which begins after this call. */
  void everything() {
    ask(GATHERING);
  }

  /** Requests a comparison that trusts none of the known state. */
  void missed() {
    doubted.set(true);
    ask(GATHERING);
  }

  private void ask(Duration pause) {
    if (asked.compareAndSet(false, true)) {
      long apart = Math.max(pause.toNanos(), earliest - nanos.getAsLong());
      later.accept(() -> executor.execute(this::run), Duration.ofNanos(apart));
    }
  }

  private void run() {
    one.lock();
    try {
      earliest = nanos.getAsLong() + APART.toNanos();
      asked.set(false);
      boolean done = true;
      if (doubted.getAndSet(false) && !PeriodicTasks.attempt("reading members anew", missed)) {
        doubted.set(true);
        done = false;
      }
      if (!PeriodicTasks.attempt("comparing everything", look) || !done) {
        ask(AGAIN);
      }
    } finally {
      one.unlock();
    }
  }
}
