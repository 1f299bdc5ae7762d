package io.carillon.bootstrap;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Batch of write tasks that were submitted together; each is run once, by any thread. Thread-safe,
 * but for {@link #stands}: one thread at a time.
 */
final class WriteRound {
  /** Most tasks of one turn. */
  static final int SLICE = 32;

  private final List<Runnable> tasks;
  private final AtomicInteger next = new AtomicInteger();

  /** Number of its entries in the queue. */
  private final AtomicInteger queued = new AtomicInteger();

  private int seen;

  WriteRound(List<Runnable> tasks) {
    this.tasks = tasks;
  }

  int size() {
    return tasks.size();
  }

  /** Whether it needs more than one turn. */
  boolean large() {
    return tasks.size() > SLICE;
  }

  /** Records an entry in the queue. */
  void queued() {
    queued.incrementAndGet();
  }

  /** Records that a thread took an entry. */
  void taken() {
    queued.decrementAndGet();
  }

  /** Runs the next tasks, {@link #SLICE} at the most. */
  void slice(Consumer<? super Runnable> runner) {
    for (int i = 0; i < SLICE; i++) {
      int at = next.getAndIncrement();
      if (at >= tasks.size()) {
        return;
      }
      runner.accept(tasks.get(at));
    }
  }

  /** Whether some of its tasks have not begun. */
  boolean waits() {
    return next.get() < tasks.size();
  }

  /** Whether it has begun, not gone on since the last call, and no thread is queued for it. */
  boolean stands() {
    int before = seen;
    seen = next.get();
    return seen > 0 && seen == before && queued.get() == 0;
  }
}
