package io.carillon.transport.duplex;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.CloseCode;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Carrier of a link that may move to another one, once: from polls to a socket. Nothing is lost,
 * doubled or reordered: a write that the first carrier has not begun to tell is withdrawn from it
 * and given to the second; all that follow go there. Thread-safe.
 */
public final class MovableSink implements FrameSink {
  private final ReentrantLock lock = new ReentrantLock();
  private final Movable first;

  @GuardedBy("lock")
  private @Nullable FrameSink second;

  @GuardedBy("lock")
  private @Nullable List<Frame> frames;

  @GuardedBy("lock")
  private @Nullable Written done;

  /** A carrier that a link can leave. */
  public interface Movable extends FrameSink {
    /**
     * Takes back the write that waits, if the peer has got nothing of it.
     *
     * @return true: nothing of it will be told, and its end neither; false: there is none, or it
     *     ends as usual
     */
    boolean withdraw();
  }

  /** Begins with a carrier. */
  public MovableSink(Movable first) {
    this.first = first;
  }

  /**
   * Moves to another carrier; only the first call counts.
   *
   * @return false: it has moved already
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
    // It may have moved before the first carrier had anything to take back.
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
