package io.carillon.core.room;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounded serial queue of one room's tasks. They run in order, a few per turn, so that the
 * executor's threads serve all rooms round robin. Thread-safe; offering never blocks.
 */
final class SerialQueue {
  /** Capacity in tasks. */
  static final int MAX = 256;

  /** Most tasks of one turn. */
  static final int TURN = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ArrayDeque<Runnable> tasks;
  private @Nullable Runnable last;
  private volatile boolean busy;

  /** Whether no task waits or runs; then its caller may run one directly without overtaking. */
  boolean idle() {
    return !busy;
  }

  /**
   * Queues a task.
   *
   * @param overflow runs once after all queued tasks if the queue is full
   * @return false: the queue is full
   */
  boolean offer(Runnable task, Runnable overflow, Executor executor) {
    boolean taken;
    boolean idle;
    lock.lock();
    try {
      // A task after an overflow would leave a gap.
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
   * Queues tasks beyond the capacity, for a caller that brings no more before these are done.
   *
   * @return false: the executor has been shut down
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

  /** Ends the turn if the queue is empty. */
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
