package io.carillon.bootstrap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Fair queue of rounds of writes: those with few tasks first, but while both kinds wait, no more
 * tasks of the one than of the other. So a small round waits for one slice of a huge room at the
 * most, and a huge room goes on however many small rounds there are. Thread-safe; the lock is held
 * for memory work only.
 */
final class RoundQueue {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayDeque<WriteRound> small = new ArrayDeque<>();

  @GuardedBy("lock")
  private final ArrayDeque<WriteRound> large = new ArrayDeque<>();

  /** Tasks of small rounds since the last slice of a large one, while a large one waited. */
  @GuardedBy("lock")
  private int ahead;

  /** Appends a round to those of its kind. */
  void add(WriteRound round) {
    lock.lock();
    try {
      round.queued();
      (round.large() ? large : small).add(round);
    } finally {
      lock.unlock();
    }
  }

  /** Removes a round that will get no thread. */
  void remove(WriteRound round) {
    lock.lock();
    try {
      if ((round.large() ? large : small).removeLastOccurrence(round)) {
        round.taken();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Removes and returns the next round; null: none waits. */
  @Nullable WriteRound next() {
    lock.lock();
    try {
      WriteRound round = poll();
      if (round != null) {
        round.taken();
      }
      return round;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private @Nullable WriteRound poll() {
    if (small.isEmpty() || (!large.isEmpty() && ahead >= WriteRound.SLICE)) {
      ahead = 0;
      return large.poll();
    }
    WriteRound round = small.remove();
    ahead = large.isEmpty() ? 0 : ahead + round.size();
    return round;
  }
}
