package io.carillon.protocol.socketio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.connection.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * State of a socket between CONNECT and its end, with the frames that wait for the answer to
 * CONNECT. Thread-safe.
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

  /** Stage of a socket. */
  enum SocketStage {
    /** CONNECT is not answered yet. */
    ENTERING,
    /** Connected. */
    INSIDE,
    /** Disconnected, or refused. */
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
   * Connects the socket if its CONNECT is not answered yet.
   *
   * @param connected answer to CONNECT
   * @return the answer and the frames that were held back; empty: the socket was at another stage
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
   * Connects the socket and queues its frames before any other frame can be.
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

  /** Ends the socket; false: it had ended before. */
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
