package io.carillon.protocol.socketio;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Queue of one socket's work: tasks run one after another, on a virtual thread that ends when the
 * queue is empty. Its length is bounded elsewhere: by the bytes of a peer's messages that wait.
 * Thread-safe.
 */
final class HandlerQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(2);
  private final Executor executor;
  private boolean running;

  /**
   * Begins empty.
   *
   * @param executor runs what blocks: give virtual threads
   */
  HandlerQueue(Executor executor) {
    this.executor = executor;
  }

  /**
   * Queues a task, which must not throw.
   *
   * @return false: the executor has been shut down, the task is not run
   */
  boolean offer(Runnable task) {
    lock.lock();
    try {
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
    } catch (RejectedExecutionException stopping) {
      clear();
      return false;
    }
  }

  private void run() {
    for (Runnable task = next(); task != null; task = next()) {
      task.run();
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

  private void clear() {
    lock.lock();
    try {
      tasks.clear();
      running = false;
    } finally {
      lock.unlock();
    }
  }
}
