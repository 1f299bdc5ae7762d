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

  /** Maximum size of the frames that are held back, in bytes. */
  private static final int MOST_HELD = 512 * 1024;

  @GuardedBy("lock")
  private final List<SocketIoFrame> held = new ArrayList<>(0);

  @GuardedBy("lock")
  private int heldBytes;

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

  /** Decision about a frame. */
  enum Passage {
    /** To be sent now. */
    PASSES,
    /** Kept until CONNECT is answered. */
    HELD,
    /** Too much is kept already; the frame is not. */
    FULL,
    /** Nothing is sent any more. */
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
      heldBytes = 0;
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

  /** Decides about a frame for the client; holds it back while CONNECT is not answered. */
  Passage offer(SocketIoFrame frame) {
    lock.lock();
    try {
      return switch (stage) {
        case INSIDE -> Passage.PASSES;
        case OVER -> Passage.OVER;
        case ENTERING -> {
          if (heldBytes + frame.size() > MOST_HELD && !held.isEmpty()) {
            yield Passage.FULL;
          }
          held.add(frame);
          heldBytes += frame.size();
          yield Passage.HELD;
        }
      };
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
      heldBytes = 0;
      return first;
    } finally {
      lock.unlock();
    }
  }
}
