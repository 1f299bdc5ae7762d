package io.carillon.protocol.socketio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.Cursor;
import io.carillon.core.Joined;
import io.carillon.core.RoomName;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Progress of one session's recovery: finds the moment for its CONNECT answer, which is after the
 * last missed event, since a client delivers first what came before that answer. Rooms are joined
 * one after another by one thread while another one writes their events. Thread-safe.
 */
final class Resumption {
  private final ReentrantLock lock = new ReentrantLock();

  /** Rooms whose missed events are not all written yet, with the position of the last one. */
  @GuardedBy("lock")
  private final Map<RoomName, Cursor> missing = new HashMap<>();

  @GuardedBy("lock")
  private boolean joined;

  @GuardedBy("lock")
  private boolean told;

  /** Frame after which the answer was sent; null: after none, or not yet. */
  @GuardedBy("lock")
  private @Nullable SocketIoFrame last;

  /** Notes a joined room, of which no event is written yet. */
  void entered(Joined room) {
    lock.lock();
    try {
      boolean all = room.resync() == null && room.cursor().equals(room.head());
      if (!all && !room.head().equals(Cursor.START)) {
        missing.put(room.room(), room.head());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes that all rooms are joined; true: nothing is missing, so the answer is due now. */
  boolean joinedAll() {
    lock.lock();
    try {
      joined = true;
      return tellNow();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes a frame that is written; true: the answer is due right after it. Asked again for the same
   * frame, by a write that moved to another carrier, it gives the same result.
   */
  boolean toldAfter(SocketIoFrame frame) {
    lock.lock();
    try {
      if (frame.equals(last)) {
        return true;
      }
      RoomName room = frame.room();
      Cursor at = frame.cursor();
      Cursor head = room == null ? null : missing.get(room);
      if (head != null && at != null && reached(at, head)) {
        missing.remove(room);
        if (tellNow()) {
          last = frame;
          return true;
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private static boolean reached(Cursor at, Cursor head) {
    return at.seq() >= head.seq() || !at.epoch().equals(head.epoch());
  }

  /** Stops waiting for missed events; true: the answer is due now. */
  boolean giveUp() {
    lock.lock();
    try {
      if (joined) {
        missing.clear();
      }
      return tellNow();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean tellNow() {
    boolean now = joined && !told && missing.isEmpty();
    told |= now;
    return now;
  }
}
