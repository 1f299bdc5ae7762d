package io.carillon.core.connection;

import io.carillon.core.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounded send queue of one connection, in bytes, with one writer at a time.
 *
 * <p>The writer is the caller that was told {@link Offer#WAKE}: it calls {@link #take} until that
 * answers an empty list, which gives the writer's role back. Thread-safe; the lock is held for
 * memory work only.
 */
final class SendQueue {
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
  enum Priority {
    /** Signals give way first. */
    SIGNAL(0.5, true),
    /** Heartbeats do too. */
    HEARTBEAT(0.5, false),
    /** Events and presence. */
    CONTENT(1, true),
    /** Answers and the last words of a connection, which cannot come later from the log. */
    ANSWER(2, false);

    private final double factor;
    private final boolean ofRoom;

    Priority(double factor, boolean ofRoom) {
      this.factor = factor;
      this.ofRoom = ofRoom;
    }

    static Priority of(Delivery delivery) {
      return switch (delivery) {
        case Delivery.SignalDelivery s -> SIGNAL;
        case Delivery.HeartbeatDelivery p -> HEARTBEAT;
        case Delivery.EventDelivery e -> CONTENT;
        case Delivery.MembersDelivery m -> CONTENT;
        case Delivery.PresenceDelivery p -> CONTENT;
        case Delivery.ByConnection b -> CONTENT;
        case Delivery.Welcome w -> ANSWER;
        case Delivery.StreamJoined j -> ANSWER;
        case Delivery.ResyncDelivery r -> ANSWER;
        case Delivery.Expiring e -> ANSWER;
        case Delivery.Goodbye g -> ANSWER;
      };
    }

    /** Whether it is what rooms tell, for which a right is needed. */
    boolean ofRoom() {
      return ofRoom;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition space = lock.newCondition();
  private final ArrayDeque<Frame> queue = new ArrayDeque<>(4);
  private final int limit;
  private final List<Runnable> waiting = new ArrayList<>(1);
  private int bytes;
  private boolean writing;
  private boolean closed;

  /**
   * The largest frame that found no place since the last wake-up. Who waits is not woken before
   * that fits, else a frame of nearly the whole bound would be offered in a tight loop.
   */
  private int refused;

  /**
   * Makes an empty send queue.
   *
   * @param limit the bound in bytes; a single frame larger than that is taken while empty
   */
  SendQueue(int limit) {
    this.limit = limit;
  }

  Offer offer(Frame frame, Priority priority) {
    lock.lock();
    try {
      if (closed) {
        return Offer.REFUSED;
      }
      if (bytes > 0 && bytes + frame.size() > limit * priority.factor) {
        refused = Math.max(refused, frame.size());
        return Offer.REFUSED;
      }
      return add(frame);
    } finally {
      lock.unlock();
    }
  }

  private Offer add(Frame frame) {
    queue.add(frame);
    bytes += frame.size();
    if (writing) {
      return Offer.QUEUED;
    }
    writing = true;
    return Offer.WAKE;
  }

  /**
   * The next frames to write, at least one and at most {@code maxBytes} unless the first is larger;
   * empty: nothing waits, and the caller is no longer the writer.
   *
   * @param awake gets what waited for room and may go on now
   */
  List<Frame> take(int maxBytes, List<Runnable> awake) {
    lock.lock();
    try {
      if (queue.isEmpty()) {
        writing = false;
        wake(awake);
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
      wake(awake);
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void wake(List<Runnable> awake) {
    if (hasRoom()) {
      refused = 0;
      awake.addAll(waiting);
      waiting.clear();
      space.signalAll();
    }
  }

  /** Whether at most a quarter is used and what was refused would fit now. */
  private boolean hasRoom() {
    return bytes == 0 || (bytes <= limit / 4 && bytes + refused <= limit);
  }

  /**
   * Remembers {@code task} until at most a quarter of the bound is used; forgets it if the send
   * queue is closed, now or later.
   *
   * @return true if there is room already: the task was not remembered, run it
   */
  boolean spaceOrAwait(Runnable task) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (hasRoom()) {
        return true;
      }
      waiting.add(task);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #awaitSpace} would not wait. */
  boolean roomy() {
    lock.lock();
    try {
      return bytes <= limit / 2;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until less than half of the bound is used, or the send queue is closed. */
  void awaitSpace() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (bytes > limit / 2) {
        while (!closed && !hasRoom()) {
          space.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses new frames; what is queued stays to be written.
   *
   * @param discard true: what is queued is dropped
   * @param last goes out after everything that is queued
   * @return as with {@link #offer}
   */
  Offer close(boolean discard, List<Frame> last) {
    lock.lock();
    try {
      if (closed) {
        return Offer.REFUSED;
      }
      closed = true;
      forgetWaiting();
      if (discard) {
        drop();
      }
      Offer offer = Offer.QUEUED;
      for (Frame frame : last) {
        offer = add(frame) == Offer.WAKE ? Offer.WAKE : offer;
      }
      return offer;
    } finally {
      lock.unlock();
    }
  }

  /** Drops what is queued. */
  void discard() {
    lock.lock();
    try {
      drop();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses new frames and drops the queued ones. */
  void clear() {
    lock.lock();
    try {
      closed = true;
      forgetWaiting();
      drop();
    } finally {
      lock.unlock();
    }
  }

  private void drop() {
    queue.clear();
    bytes = 0;
  }

  private void forgetWaiting() {
    waiting.clear();
    space.signalAll();
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
