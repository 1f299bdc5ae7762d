package io.carillon.core.room;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounded serial queue of one room: its tasks run one after the other, in order, some at a time so
 * that the executor's threads serve all rooms in turn. Thread-safe; offering never waits.
 */
final class SerialQueue {
  /** How many tasks may wait. */
  static final int MAX = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ArrayDeque<Runnable> tasks;
  private @Nullable Runnable last;
  private volatile boolean busy;

  /** Whether nothing waits or runs: what its next caller does by itself overtakes nothing. */
  boolean idle() {
    return !busy;
  }

  /**
   * Runs the task after all that were offered before.
   *
   * @param overflow is run instead, once, when all that waits is done, if too much waits
   * @return false: too much waits
   */
  boolean offer(Runnable task, Runnable overflow, Executor executor) {
    boolean taken;
    lock.lock();
    try {
      ArrayDeque<Runnable> waiting = tasks == null ? new ArrayDeque<>() : tasks;
      tasks = waiting;
      // What comes after an overflow would not be next.
      taken = last == null && waiting.size() < MAX;
      if (taken) {
        waiting.add(task);
      } else {
        last = overflow;
      }
      if (busy) {
        return taken;
      }
      busy = true;
    } finally {
      lock.unlock();
    }
    begin(executor);
    return taken;
  }

  private void begin(Executor executor) {
    try {
      executor.execute(() -> run(executor));
    } catch (RejectedExecutionException stopping) {
      clear();
    }
  }

  private void run(Executor executor) {
    int turn = waiting();
    boolean done = false;
    try {
      for (int i = 0; i < turn; i++) {
        next().run();
      }
      done = true;
    } finally {
      if (!done || !over()) {
        begin(executor);
      }
    }
  }

  private int waiting() {
    lock.lock();
    try {
      ArrayDeque<Runnable> waiting = tasks;
      int size = waiting == null ? 0 : waiting.size();
      return size == 0 && last != null ? 1 : size;
    } finally {
      lock.unlock();
    }
  }

  private Runnable next() {
    lock.lock();
    try {
      Runnable task = tasks == null ? null : tasks.poll();
      if (task == null) {
        task = last;
        last = null;
      }
      return task == null ? () -> {} : task;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the work if there is none. */
  private boolean over() {
    lock.lock();
    try {
      busy = last != null || (tasks != null && !tasks.isEmpty());
      return !busy;
    } finally {
      lock.unlock();
    }
  }

  private void clear() {
    lock.lock();
    try {
      tasks = null;
      last = null;
      busy = false;
    } finally {
      lock.unlock();
    }
  }
}
