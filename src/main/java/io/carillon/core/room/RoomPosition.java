package io.carillon.core.room;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.spi.LogPage;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Position of one room on this instance, with the flag of the one task that moves it on and the
 * condition of those who wait for it. The lock is the room's: {@link Room} and {@link Replay} hold
 * it while they move readers and the position together. Thread-safe, except for what says that the
 * caller holds the lock.
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
   * Where a room stands.
   *
   * @param head the head: the position, or a fresh one
   * @param oldest after which position everything up to the room's own is in memory
   * @param generation of the position, to be told apart from what it becomes later
   */
  record HeadSnapshot(Head head, long oldest, long generation) {}

  /** Makes a position that is not known yet. */
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
   * Takes the head that was read for a room that is not loaded; later calls do nothing. What was
   * heard while it was read may be missing in it, and is looked for by the sequencer's work.
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

  /** Where the room stands as of a head that was read. The caller holds the lock, or knows. */
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

  /** What is known before a read begins. */
  Sequence.ReadContext readContext() {
    lock.lock();
    try {
      return sequence.readContext();
    } finally {
      lock.unlock();
    }
  }

  /** A doorbell or a poll; true: the caller must start the sequencer's work on this room. */
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

  /** More may have happened than was told; true as with {@link #heard}. */
  boolean suspect() {
    lock.lock();
    try {
      sequence.suspect();
      return beginWork();
    } finally {
      lock.unlock();
    }
  }

  /** What must be read next; {@link Sequence.Need#NOTHING} also ends the work begun. */
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

  /** The work could not be done now; the next poll begins it anew. */
  void giveUp() {
    lock.lock();
    try {
      working = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is work that nobody does; true: the caller must start it. */
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

  /** Begins the work if there is any and nobody does it. The caller holds the lock. */
  boolean beginWork() {
    if (working || !loaded || sequence.need() == Sequence.Need.NOTHING) {
      return false;
    }
    working = true;
    return true;
  }

  /** Own commits; those that are next. The caller holds the lock. */
  List<Event> committed(List<Event> events) {
    if (loaded) {
      return sequence.committed(events);
    }
    sequence.suspect();
    return List.of();
  }

  /** A page of the log; the events that are next. The caller holds the lock. */
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

  /** Lets those go on who wait for the position. The caller holds the lock. */
  void moved() {
    if (lock.hasWaiters(moved)) {
      moved.signalAll();
    }
  }

  /** How far the room has come. The caller holds the lock. */
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
