package io.carillon.core.presence;

import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Group commit for presence: whatever was queued while the previous call of the store was under way
 * goes into the next one. While the store is away acts wait, in order; when too many wait they are
 * forgotten, and everything that this instance should have there is asserted instead.
 */
final class Writer implements Runnable {
  private static final int MAX_BATCH = 512;
  private static final int MAX_WAITING = 50_000;
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LAST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final PresenceStore store;
  private final Supplier<List<PresenceAct>> own;
  private final Duration grace;
  private final BiConsumer<RoomName, Long> changed;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition progress = lock.newCondition();
  private final Condition ended = lock.newCondition();
  private final ArrayDeque<PresenceAct> waiting = new ArrayDeque<>();
  private long submitted;
  private long done;
  private boolean reassert;
  private boolean closed;

  /**
   * Makes a writer that does not run yet.
   *
   * @param own what this instance should have in the store, as {@link PresenceAct.Reassert}s
   * @param grace what is left to members that were forgotten, until they are asserted
   * @param changed told about each room that changed
   */
  Writer(
      PresenceStore store,
      Supplier<List<PresenceAct>> own,
      Duration grace,
      BiConsumer<RoomName, Long> changed) {
    this.store = store;
    this.own = own;
    this.grace = grace;
    this.changed = changed;
  }

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

  /** The number of the last act that was done (or forgotten). */
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

  /** The store may have lost what it knew of this instance. */
  void reassert() {
    lock.lock();
    try {
      reassert = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    long pause = FIRST_PAUSE;
    try {
      while (awaitWork()) {
        boolean good;
        try {
          good = assertOwn() && writeBatch();
        } catch (LogUnavailableException away) {
          good = false;
        }
        if (good) {
          pause = FIRST_PAUSE;
        } else {
          pause(pause);
          pause = Math.min(LAST_PAUSE, pause * 2);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** False: closed, and what waited was written or cannot be. */
  private boolean awaitWork() throws InterruptedException {
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

  private void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      if (closed) {
        waiting.clear();
        return;
      }
      long left = nanos;
      while (left > 0 && !closed) {
        left = ended.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean assertOwn() {
    lock.lock();
    try {
      if (!reassert) {
        return true;
      }
      reassert = false;
    } finally {
      lock.unlock();
    }
    boolean good = false;
    try {
      // What the store has beyond that ends with the grace: acts that were forgotten here, or
      // members whose end a failover has taken back.
      tell(store.drain(grace));
      List<PresenceAct> all = own.get();
      good = true;
      for (int from = 0; good && from < all.size(); from += MAX_BATCH) {
        good = write(all.subList(from, Math.min(all.size(), from + MAX_BATCH)));
      }
      return good;
    } finally {
      if (!good) {
        again();
      }
    }
  }

  private void again() {
    lock.lock();
    try {
      reassert = true;
    } finally {
      lock.unlock();
    }
  }

  private boolean writeBatch() {
    List<PresenceAct> batch = new ArrayList<>();
    long last;
    lock.lock();
    try {
      for (PresenceAct act : waiting) {
        if (batch.size() == MAX_BATCH) {
          break;
        }
        batch.add(act);
      }
      last = done + batch.size();
    } finally {
      lock.unlock();
    }
    if (batch.isEmpty()) {
      return true;
    }
    boolean good = write(batch);
    if (good) {
      finish(batch, last);
    }
    return good;
  }

  private void finish(List<PresenceAct> batch, long last) {
    lock.lock();
    try {
      if (done < last) { // else all of it was forgotten meanwhile
        batch.forEach(act -> waiting.remove());
        done = last;
      }
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** False: the lease of this instance is over. What can never be written is left out. */
  private boolean write(List<PresenceAct> acts) {
    try {
      Map<RoomName, Long> revisions = store.apply(acts);
      if (revisions == null) {
        return false;
      }
      tell(revisions);
      return true;
    } catch (RefusedException e) {
      if (acts.size() == 1) {
        return true;
      }
      int half = acts.size() / 2;
      return write(acts.subList(0, half)) && write(acts.subList(half, acts.size()));
    }
  }

  private void tell(Map<RoomName, Long> revisions) {
    revisions.forEach(changed);
  }
}
