package io.carillon.core.room;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.spi.LogPage;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Position of one room on this instance, with the flag of the one task that advances it and the
 * condition to wait for it. The lock is the room's: {@link Room} and {@link Replay} hold it while
 * they move readers and position together. Thread-safe, except for the methods that require the
 * lock.
 */
final class RoomPosition {
  /** The room's lock. */
  final ReentrantLock lock = new ReentrantLock();

  private final Condition moved = lock.newCondition();
  private final Sequence sequence = new Sequence();
  private final Recent recent;
  private boolean loaded;
  private boolean working;

  /**
   * Snapshot of a room's head.
   *
   * @param head the head: the position, or a fresh one
   * @param oldest lowest position from which all events up to the room's position are in memory
   * @param generation of the position, to detect a later reset
   */
  record HeadSnapshot(Head head, long oldest, long generation) {}

  /** Creates a position that has to be loaded first. */
  RoomPosition(Recent recent) {
    this.recent = recent;
  }

  /** Whether the head has been read. */
  boolean loaded() {
    lock.lock();
    try {
      return loaded;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Loads the head that was read for this room; later calls do nothing. Doorbells heard during the
   * read may be missing in it and are followed by the sequencer's work.
   */
  HeadSnapshot load(Head head) {
    lock.lock();
    try {
      if (!loaded) {
        boolean heard = sequence.need() != Sequence.Need.NOTHING;
        sequence.reset(head);
        if (heard) {
          sequence.suspect();
        }
        loaded = true;
      }
      return snapshot(head);
    } finally {
      lock.unlock();
    }
  }

  /** The snapshot for a head that was read. The caller holds the lock, or the only reference. */
  HeadSnapshot snapshot(Head head) {
    return new HeadSnapshot(head, recent.oldest(sequence.position().seq()), sequence.generation());
  }

  HeadSnapshot snapshot() {
    lock.lock();
    try {
      return snapshot(sequence.position());
    } finally {
      lock.unlock();
    }
  }

  Head head() {
    lock.lock();
    try {
      return sequence.position();
    } finally {
      lock.unlock();
    }
  }

  /** The context of a read that begins now. */
  Sequence.ReadContext readContext() {
    lock.lock();
    try {
      return sequence.readContext();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a position from a doorbell or a poll; true: the caller must start the sequencer's work on
   * this room.
   */
  boolean heard(String epoch, long seq) {
    lock.lock();
    try {
      if (loaded) {
        sequence.heard(epoch, seq);
      } else {
        sequence.suspect();
      }
      return beginWork();
    } finally {
      lock.unlock();
    }
  }

  /** Marks the position as suspect; true as with {@link #heard}. */
  boolean suspect() {
    lock.lock();
    try {
      sequence.suspect();
      return beginWork();
    } finally {
      lock.unlock();
    }
  }

  /** The next read that is needed; {@link Sequence.Need#NOTHING} also ends the work begun. */
  Sequence.Need need() {
    lock.lock();
    try {
      Sequence.Need need = sequence.need();
      working = need != Sequence.Need.NOTHING;
      return need;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the work after a failure; the next poll begins it anew. */
  void giveUp() {
    lock.lock();
    try {
      working = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether work is pending and no task does it; true: the caller must start it. */
  boolean idleWork() {
    lock.lock();
    try {
      return beginWork();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the position has reached {@code seq}, or is of another generation.
   *
   * @return false: neither, in the given time
   */
  boolean await(long seq, long generation, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (awaited(seq, generation) && left > 0) {
        left = moved.awaitNanos(left);
      }
      return !awaited(seq, generation);
    } finally {
      lock.unlock();
    }
  }

  private boolean awaited(long seq, long generation) {
    return sequence.position().seq() < seq && sequence.generation() == generation;
  }

  // ---- with the lock held -------------------------------------------------------------------

  /** Begins the work if some is pending and no task does it. The caller holds the lock. */
  boolean beginWork() {
    if (working || !loaded || sequence.need() == Sequence.Need.NOTHING) {
      return false;
    }
    working = true;
    return true;
  }

  /** Takes own commits; returns those that are next. The caller holds the lock. */
  List<Event> committed(List<Event> events) {
    if (loaded) {
      return sequence.committed(events);
    }
    sequence.suspect();
    return List.of();
  }

  /** Takes a page of the log; returns the events that are next. The caller holds the lock. */
  List<Event> read(LogPage page, Sequence.ReadContext context) {
    return loaded ? sequence.read(page, context) : List.of();
  }

  /** As {@link Sequence#verified}. The caller holds the lock. */
  Sequence.Verified verified(Head head, OptionalLong fork, Sequence.ReadContext context) {
    return sequence.verified(head, fork, context);
  }

  /** As {@link Sequence#skipped}. The caller holds the lock. */
  boolean skipped(LogPage page, Sequence.ReadContext context) {
    return sequence.skipped(page, context);
  }

  /** Wakes the threads that wait for the position. The caller holds the lock. */
  void moved() {
    if (lock.hasWaiters(moved)) {
      moved.signalAll();
    }
  }

  /** The room's position. The caller holds the lock. */
  long seq() {
    return sequence.position().seq();
  }

  /** The epoch of the position. The caller holds the lock. */
  String epoch() {
    return sequence.position().epoch();
  }

  /** Changes whenever the position moves in any other way than by one event. With the lock held. */
  long generation() {
    return sequence.generation();
  }
}
