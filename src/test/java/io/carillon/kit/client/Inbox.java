package io.carillon.kit.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What came in, in order, and the means to wait for more. Thread-safe. */
final class Inbox<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<T> all = new ArrayList<>();
  private int taken;
  private String over = "";

  void add(T item) {
    lock.lock();
    try {
      all.add(item);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will come, for this reason. */
  void end(String reason) {
    lock.lock();
    try {
      over = over.isEmpty() ? reason : over;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The first item not taken yet that fits; those before it are passed over. */
  T take(Predicate<? super T> wanted, Duration patience) {
    lock.lock();
    try {
      int from = taken;
      long left = patience.toNanos();
      while (true) {
        for (; taken < all.size(); taken++) {
          if (wanted.test(all.get(taken))) {
            return all.get(taken++);
          }
        }
        if (!over.isEmpty() || left <= 0) {
          List<T> passed = all.subList(from, all.size());
          throw new AssertionError(
              (over.isEmpty() ? "not in " + patience : "ended: " + over) + "; came: " + passed);
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** The first item of all that fits, whether it was passed over or not; takes nothing. */
  T find(Predicate<? super T> wanted, Duration patience) {
    lock.lock();
    try {
      long left = patience.toNanos();
      for (int at = 0; ; ) {
        for (; at < all.size(); at++) {
          if (wanted.test(all.get(at))) {
            return all.get(at);
          }
        }
        if (!over.isEmpty() || left <= 0) {
          throw new AssertionError(
              (over.isEmpty() ? "not in " + patience : "ended: " + over) + "; came: " + all);
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing more can come; gives the reason. */
  String awaitEnd(Duration patience) {
    lock.lock();
    try {
      long left = TimeUnit.NANOSECONDS.convert(patience);
      while (over.isEmpty()) {
        if (left <= 0) {
          throw new AssertionError("did not end in " + patience + "; came: " + all);
        }
        left = changed.awaitNanos(left);
      }
      return over;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** Everything that came so far. */
  List<T> all() {
    lock.lock();
    try {
      return List.copyOf(all);
    } finally {
      lock.unlock();
    }
  }
}
