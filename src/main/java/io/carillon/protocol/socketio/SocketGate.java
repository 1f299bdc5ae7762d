package io.carillon.protocol.socketio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.connection.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * State of a socket between CONNECT and its end. Holds back what is emitted to the socket until its
 * CONNECT was answered. Thread-safe.
 */
final class SocketGate {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<SocketIoFrame> held = new ArrayList<>(0);

  private volatile SocketStage stage = SocketStage.ENTERING;

  /** Where a socket is. */
  enum SocketStage {
    /** On the way in. */
    ENTERING,
    /** In the namespace. */
    INSIDE,
    /** Not any more, or refused. */
    OVER
  }

  SocketStage stage() {
    return stage;
  }

  /**
   * It is in, if it was on its way.
   *
   * @param connected what it is told of that
   * @return this and all that was held back; empty: it was not on its way
   */
  List<Frame> enter(Frame connected) {
    lock.lock();
    try {
      if (stage != SocketStage.ENTERING) {
        return List.of();
      }
      stage = SocketStage.INSIDE;
      List<Frame> frames = new ArrayList<>(1 + held.size());
      frames.add(connected);
      frames.addAll(held);
      held.clear();
      return frames;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The same, and it is told before anything else can be.
   *
   * @param tell queues frames; must not call back
   */
  void enter(Frame connected, Consumer<List<Frame>> tell) {
    lock.lock();
    try {
      tell.accept(enter(connected));
    } finally {
      lock.unlock();
    }
  }

  /** Whether something may be said now; if it is on its way, that is held back. */
  boolean passes(SocketIoFrame frame) {
    lock.lock();
    try {
      if (stage == SocketStage.ENTERING) {
        held.add(frame);
      }
      return stage == SocketStage.INSIDE;
    } finally {
      lock.unlock();
    }
  }

  /** It is over; false: it was before. */
  boolean leave() {
    lock.lock();
    try {
      boolean first = stage != SocketStage.OVER;
      stage = SocketStage.OVER;
      held.clear();
      return first;
    } finally {
      lock.unlock();
    }
  }
}
