package io.carillon.core.connection;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs a connection's commands one after another in the order they came, on a thread that lives
 * only while there is something to do. Bounded: a peer that sends faster than it is served is
 * refused.
 */
public final class Mailbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(2);
  private final Executor executor;
  private final int bound;
  private boolean running;

  /**
   * Makes an empty mailbox.
   *
   * @param executor runs the tasks; they may block, so give virtual threads
   * @param bound how many tasks may wait
   */
  public Mailbox(Executor executor, int bound) {
    this.executor = executor;
    this.bound = bound;
  }

  /**
   * Queues a task.
   *
   * @param task should not throw; if it does, the tasks behind it are run all the same
   * @return false: the bound is reached or the executor takes nothing any more; the task was not
   *     taken
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
    try {
      executor.execute(this::run);
      return true;
    } catch (RejectedExecutionException late) {
      stop();
      return false;
    }
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
