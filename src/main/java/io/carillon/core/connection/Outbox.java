package io.carillon.core.connection;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be written to one client, bounded in bytes, with one writer at a time.
 *
 * <p>The writer is whoever was told {@link Offer#WAKE}: it calls {@link #take} until that answers
 * an empty list, which gives the writer's role back. Thread-safe; the lock is held for memory work
 * only.
 */
final class Outbox {
  /** What became of an offer. */
  enum Offer {
    /** Queued; a writer is at work. */
    QUEUED,
    /** Queued; the caller must start the writer. */
    WAKE,
    /** Not queued: full or closed. */
    REFUSED
  }

  /** How much of the bound a kind of frame may use. */
  enum Share {
    /** Signals and heartbeats give way first. */
    HALF(0.5),
    /** Events and presence. */
    WHOLE(1),
    /** Answers and the last words of a connection, which cannot come later from the log. */
    DOUBLE(2);

    private final double factor;

    Share(double factor) {
      this.factor = factor;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Frame> queue = new ArrayDeque<>(4);
  private final int limit;
  private final List<Runnable> waiting = new ArrayList<>(1);
  private int bytes;
  private boolean writing;
  private boolean closed;

  /**
   * Makes an empty outbox.
   *
   * @param limit the bound in bytes; a single frame larger than that is taken while empty
   */
  Outbox(int limit) {
    this.limit = limit;
  }

  Offer offer(Frame frame, Share share) {
    lock.lock();
    try {
      if (closed || (bytes > 0 && bytes + frame.size() > limit * share.factor)) {
        return Offer.REFUSED;
      }
      queue.add(frame);
      bytes += frame.size();
      if (writing) {
        return Offer.QUEUED;
      }
      writing = true;
      return Offer.WAKE;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next frames to write, at least one and at most {@code maxBytes} unless the first is larger;
   * empty: nothing waits, and the caller is no longer the writer.
   *
   * @param drained gets what waited for room and may go on now
   */
  List<Frame> take(int maxBytes, List<Runnable> drained) {
    lock.lock();
    try {
      if (queue.isEmpty()) {
        writing = false;
        wake(drained);
        return List.of();
      }
      List<Frame> batch = new ArrayList<>(Math.min(queue.size(), 64));
      int size = 0;
      for (Frame next = queue.peek(); next != null; next = queue.peek()) {
        if (size > 0 && size + next.size() > maxBytes) {
          break;
        }
        batch.add(next);
        size += next.size();
        queue.remove();
      }
      bytes -= size;
      wake(drained);
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void wake(List<Runnable> drained) {
    if (bytes <= limit / 4 && !waiting.isEmpty()) {
      drained.addAll(waiting);
      waiting.clear();
    }
  }

  /**
   * Remembers {@code task} until at most a quarter of the bound is used.
   *
   * @return true if that holds already: the task was not remembered, run it
   */
  boolean drainedOrAwait(Runnable task) {
    lock.lock();
    try {
      if (bytes <= limit / 4 || closed) {
        return true;
      }
      waiting.add(task);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses whatever comes from now on; what is queued stays to be written. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Drops everything; whatever waited for room is dropped too. */
  void clear() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
      waiting.clear();
      bytes = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nobody writes and nothing waits. */
  boolean idle() {
    lock.lock();
    try {
      return !writing && queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  int bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }
}
