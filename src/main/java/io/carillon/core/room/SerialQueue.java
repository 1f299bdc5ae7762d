package io.carillon.core.room;

import java.util.ArrayDeque;
import java.util.List;
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

  /** How many are done before other rooms have their turn. */
  static final int TURN = 8;

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
    boolean idle;
    lock.lock();
    try {
      // What comes after an overflow would not be next.
      taken = last == null && (tasks == null || tasks.size() < MAX);
      if (taken) {
        waiting().add(task);
      } else {
        last = overflow;
      }
      idle = !busy;
      busy = true;
    } finally {
      lock.unlock();
    }
    if (idle) {
      begin(executor);
    }
    return taken;
  }

  /**
   * Runs the tasks after all that were offered before, however much waits: for what does not come
   * again before these are done.
   *
   * @return false: the executor takes no task any more
   */
  boolean add(List<Runnable> more, Executor executor) {
    boolean idle;
    lock.lock();
    try {
      waiting().addAll(more);
      idle = !busy;
      busy = true;
    } finally {
      lock.unlock();
    }
    return !idle || begin(executor);
  }

  private ArrayDeque<Runnable> waiting() {
    ArrayDeque<Runnable> waiting = tasks == null ? new ArrayDeque<>() : tasks;
    tasks = waiting;
    return waiting;
  }

  private boolean begin(Executor executor) {
    try {
      executor.execute(() -> run(executor));
      return true;
    } catch (RejectedExecutionException stopping) {
      clear();
      return false;
    }
  }

  private void run(Executor executor) {
    int turn = turn();
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

  private int turn() {
    lock.lock();
    try {
      ArrayDeque<Runnable> waiting = tasks;
      int size = waiting == null ? 0 : waiting.size();
      return size == 0 && last != null ? 1 : Math.min(size, TURN);
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
