package io.carillon.core.connection;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounded queue of a connection's tasks, which run one at a time in the order of their arrival.
 * Tasks that may block run on a virtual thread that ends when the queue is empty, the others on the
 * caller's thread. Thread-safe.
 */
public final class Mailbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(2);
  private final Executor executor;
  private final int bound;
  private boolean running;

  /** Task whose first part cannot block and runs on the caller's thread. */
  @FunctionalInterface
  public interface InlineWork {
    /** Does the first part; returns the rest, null: there is none. */
    @Nullable Runnable begin();
  }

  /**
   * Creates an empty mailbox.
   *
   * @param executor runs the tasks; they may block, so give virtual threads
   * @param bound maximum number of waiting tasks
   */
  public Mailbox(Executor executor, int bound) {
    this.executor = executor;
    this.bound = bound;
  }

  /**
   * Queues a task. Returns at once.
   *
   * @param task should not throw; if it does, the tasks behind it still run
   * @return false: the task was refused, for the bound is reached or the executor is shut down
   */
  public boolean offer(Runnable task) {
    lock.lock();
    try {
      if (tasks.size() >= bound) {
        return false;
      }
      tasks.add(task);
      if (running) {
        return true;
      }
      running = true;
    } finally {
      lock.unlock();
    }
    return start();
  }

  private boolean start() {
    try {
      executor.execute(this::run);
      return true;
    } catch (RejectedExecutionException late) {
      stop();
      return false;
    }
  }

  /**
   * Runs the first part of a task on the caller's thread and queues the rest, if no other task
   * waits or runs; else queues the whole task. Returns as {@link #offer} does.
   *
   * @param work should not throw; if it does, tasks that were queued meanwhile still run
   */
  public boolean begin(InlineWork work) {
    if (!enter()) {
      return offer(
          () -> {
            Runnable rest = work.begin();
            if (rest != null) {
              rest.run();
            }
          });
    }
    Runnable rest = null;
    boolean taken = false;
    try {
      rest = work.begin();
    } finally {
      taken = leave(rest);
    }
    return taken;
  }

  private boolean enter() {
    lock.lock();
    try {
      if (running || !tasks.isEmpty()) {
        return false;
      }
      running = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a first part; its rest, and tasks that were queued meanwhile, go to the executor. */
  private boolean leave(@Nullable Runnable rest) {
    lock.lock();
    try {
      if (rest != null) {
        tasks.addFirst(rest);
      }
      running = !tasks.isEmpty();
      if (!running) {
        return true;
      }
    } finally {
      lock.unlock();
    }
    return start();
  }

  private void run() {
    boolean done = false;
    try {
      for (Runnable task = next(); task != null; task = next()) {
        task.run();
      }
      done = true;
    } finally {
      if (!done) {
        executor.execute(this::run);
      }
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      Runnable task = tasks.poll();
      running = task != null;
      return task;
    } finally {
      lock.unlock();
    }
  }

  private void stop() {
    lock.lock();
    try {
      tasks.clear();
      running = false;
    } finally {
      lock.unlock();
    }
  }
}
