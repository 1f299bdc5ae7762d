package io.carillon.core.presence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.spi.PresenceAct;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounded FIFO queue of presence acts to be written, numbered from 1. On overflow the acts are
 * dropped, and all members of this instance are asserted anew instead. Thread-safe; one consumer.
 *
 * <p>Unlike the queues of the log and the notifier it keeps acts until they are written, has no
 * deadlines, and lets callers wait for the number of their act.
 */
final class ActQueue {
  private static final int MAX_WAITING = 50_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition progress = lock.newCondition();
  private final CountDownLatch ended = new CountDownLatch(1);

  @GuardedBy("lock")
  private final ArrayDeque<PresenceAct> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private long submitted;

  @GuardedBy("lock")
  private long done;

  @GuardedBy("lock")
  private boolean reassert;

  @GuardedBy("lock")
  private boolean closed;

  /** Queues an act; its number, to wait for. */
  long submit(PresenceAct act) {
    lock.lock();
    try {
      if (waiting.size() >= MAX_WAITING) {
        done += waiting.size();
        waiting.clear();
        progress.signalAll();
        reassert = true;
      }
      waiting.add(act);
      work.signal();
      return ++submitted;
    } finally {
      lock.unlock();
    }
  }

  /** The number of the last act that was queued. */
  long submitted() {
    lock.lock();
    try {
      return submitted;
    } finally {
      lock.unlock();
    }
  }

  /** The number of the last act that was done or dropped. */
  long done() {
    lock.lock();
    try {
      return done;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the act with this number is done; false: not in time. */
  boolean await(long number, Duration patience) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (done < number && left > 0) {
        left = progress.awaitNanos(left);
      }
      return done >= number;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Requests an assertion of all members of this instance; requests coalesce. */
  void reassert() {
    lock.lock();
    try {
      reassert = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the request of {@link #reassert}; false: there is none. */
  boolean takeReassert() {
    lock.lock();
    try {
      boolean wanted = reassert;
      reassert = false;
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for acts or a request; false: closed, and the rest was written or given up. */
  boolean awaitWork() throws InterruptedException {
    lock.lock();
    try {
      while (!closed && waiting.isEmpty() && !reassert) {
        work.await();
      }
      return !closed || !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits that long; once closed, gives up the queued acts instead. */
  void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      if (closed) {
        waiting.clear();
        return;
      }
    } finally {
      lock.unlock();
    }
    var unused = ended.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** The first queued acts, which stay queued until {@link #finish}. */
  ActBatch peek(int most) {
    lock.lock();
    try {
      List<PresenceAct> acts = waiting.stream().limit(most).toList();
      return new ActBatch(acts, done + acts.size());
    } finally {
      lock.unlock();
    }
  }

  /** Acts, and the number of the last one. */
  record ActBatch(List<PresenceAct> acts, long last) {}

  /** Removes a batch that is done. */
  void finish(ActBatch batch) {
    lock.lock();
    try {
      if (done < batch.last) { // else all of it was forgotten meanwhile
        batch.acts.forEach(act -> waiting.remove());
        done = batch.last;
      }
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
      ended.countDown();
    } finally {
      lock.unlock();
    }
  }
}
