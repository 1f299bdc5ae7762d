package io.carillon.transport.duplex;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.CloseCode;
import io.carillon.core.connection.Carrier;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sink of a link that can move from one carrier to another, once: from polls to a socket. No frame
 * is lost, repeated or reordered: a write that the first carrier has not begun to send is withdrawn
 * and passed to the second, and all later writes go to the second. Thread-safe.
 */
public final class MovableSink implements FrameSink {
  private final ReentrantLock lock = new ReentrantLock();
  private final Movable first;
  private final Carrier carrier;

  @GuardedBy("lock")
  private @Nullable FrameSink second;

  @GuardedBy("lock")
  private @Nullable List<Frame> frames;

  @GuardedBy("lock")
  private @Nullable Written done;

  /** Carrier that a link can leave. */
  public interface Movable extends FrameSink {
    /**
     * Withdraws the waiting write, if the peer has got nothing of it.
     *
     * @return true: neither its frames nor its end will be reported; false: no write waits, or it
     *     ends as usual
     */
    boolean withdraw();
  }

  /**
   * Creates a sink on its first carrier.
   *
   * @param carrier what an operator sees of the first one
   */
  public MovableSink(Movable first, Carrier carrier) {
    this.first = first;
    this.carrier = carrier;
  }

  @Override
  public Carrier carrier() {
    FrameSink moved = second();
    return moved == null ? carrier : moved.carrier();
  }

  /**
   * Moves to another carrier, once.
   *
   * @return false: it has moved before
   */
  public boolean move(FrameSink next) {
    lock.lock();
    try {
      if (second != null) {
        return false;
      }
      second = next;
    } finally {
      lock.unlock();
    }
    if (first.withdraw()) {
      writeAgain(next);
    }
    return true;
  }

  private void writeAgain(FrameSink next) {
    List<Frame> again;
    Written end;
    lock.lock();
    try {
      again = frames;
      end = done;
    } finally {
      lock.unlock();
    }
    if (again != null && end != null) {
      next.write(again, end);
    }
  }

  private FrameSink current() {
    FrameSink moved = second();
    return moved == null ? first : moved;
  }

  @Override
  public void write(List<Frame> more, Written told) {
    FrameSink next;
    lock.lock();
    try {
      next = second;
      if (next == null) {
        frames = more;
        done = told;
      } else {
        frames = null;
        done = null;
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      next.write(more, told);
      return;
    }
    first.write(more, told);
    // A move that came before this write had nothing to withdraw from the first carrier.
    next = second();
    if (next != null && first.withdraw()) {
      next.write(more, told);
    }
  }

  private @Nullable FrameSink second() {
    lock.lock();
    try {
      return second;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void hurry() {
    current().hurry();
  }

  @Override
  public void idle() {
    current().idle();
  }

  @Override
  public boolean present() {
    return current().present();
  }

  @Override
  public void close(CloseCode code, Farewell farewell, Runnable closed) {
    current().close(code, farewell, closed);
  }
}
