package io.carillon.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Runs tasks when told, on the thread that tells it. Thread-safe. */
public final class HandExecutor implements Executor {
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> tasks = new ArrayList<>();

  @Override
  public void execute(Runnable task) {
    lock.lock();
    try {
      tasks.add(task);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Runnable take(@Nullable RandomGenerator random) {
    lock.lock();
    try {
      if (tasks.isEmpty()) {
        return null;
      }
      return tasks.remove(random == null ? 0 : random.nextInt(tasks.size()));
    } finally {
      lock.unlock();
    }
  }

  /** How many tasks wait. */
  public int waiting() {
    lock.lock();
    try {
      return tasks.size();
    } finally {
      lock.unlock();
    }
  }

  /** Runs the oldest task; false: there was none. */
  public boolean runOne() {
    return run(take(null));
  }

  /** Runs any task; false: there was none. */
  public boolean runAny(RandomGenerator random) {
    return run(take(random));
  }

  private static boolean run(@Nullable Runnable task) {
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** Runs tasks, those that they start too, until none is left. */
  public void runAll() {
    for (int i = 0; runOne(); i++) {
      if (i == 1_000_000) {
        throw new AssertionError("tasks beget tasks for ever");
      }
    }
  }
}
