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
 * Moment at which a session that goes on is told that it does: after the last event that it has
 * missed, for a client hands over first what came before that. The rooms are joined one after
 * another on one thread while another one writes their events. Thread-safe.
 */
final class Resumption {
  private final ReentrantLock lock = new ReentrantLock();

  /** Rooms whose missed events are not all told, and the last of these. */
  @GuardedBy("lock")
  private final Map<RoomName, Cursor> missing = new HashMap<>();

  @GuardedBy("lock")
  private boolean joined;

  @GuardedBy("lock")
  private boolean told;

  /** After which frame it was told; null: after none, or not at all. */
  @GuardedBy("lock")
  private @Nullable SocketIoFrame last;

  /** A room is joined; nothing of it is told yet. */
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

  /** All rooms are joined; true: nothing is missing, the session is to be told now. */
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
   * A frame is written; true: the session is to be told right after it. A carrier that gives a
   * write back, for another one to do it, asks again and is answered the same.
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

  /** Nobody waits for what is still missing; true: the session is to be told now. */
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
