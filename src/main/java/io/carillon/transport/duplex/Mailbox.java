package io.carillon.transport.duplex;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Queue of a connection's commands, which run one after another in the order of their arrival.
 * Commands that block run on a virtual thread that ends when the queue is empty, the others on the
 * caller's thread. Bounded: a peer that sends faster than it is served is refused.
 */
final class Mailbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(2);
  private final Executor executor;
  private final int bound;
  private boolean running;

  /** Work that does on the caller's thread what waits for nothing. */
  @FunctionalInterface
  interface InlineWork {
    /** Does what waits for nothing, and returns what is left; null: nothing. */
    @Nullable Runnable begin();
  }

  /**
   * Makes an empty mailbox.
   *
   * @param executor runs the tasks; they may block, so give virtual threads
   * @param bound how many tasks may wait
   */
  Mailbox(Executor executor, int bound) {
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
  boolean offer(Runnable task) {
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
   * Begins work here and now if nothing else waits or is done, and queues what is left of it; else
   * queues it as a whole. Returns as {@link #offer}.
   *
   * @param work should not throw; if it does, what came meanwhile is run all the same
   */
  boolean begin(InlineWork work) {
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

  /** Ends what was begun here; what is left, and what came meanwhile, goes to the executor. */
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
