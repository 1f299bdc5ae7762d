package io.carillon.core.presence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.MembersBy;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Registry of rooms with presence followers on this instance, and the queue of those to be read
 * again. A room is registered exactly as long as it has a follower, and queued at most once.
 * Thread-safe; one consumer.
 */
final class FollowedRooms {
  /** Most rooms of one batch, that is, of one call of the store. */
  private static final int MAX_BATCH = 1000;

  /** Changed with the lock held only, together with the followers; read without. */
  private final Map<RoomName, PresenceRoom> rooms = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final CountDownLatch ended = new CountDownLatch(1);

  @GuardedBy("lock")
  private final Map<Connection, Set<RoomName>> byConnection = new HashMap<>();

  /** Rooms to be read, in the order in which they were marked. */
  @GuardedBy("lock")
  private final LinkedHashSet<RoomName> dirty = new LinkedHashSet<>();

  /** Rooms to be read as a whole, since earlier reads may be wrong. */
  @GuardedBy("lock")
  private final Set<RoomName> doubted = new HashSet<>();

  @GuardedBy("lock")
  private boolean closed;

  /** The room, or null if it has no follower here. */
  @Nullable PresenceRoom get(RoomName room) {
    return rooms.get(room);
  }

  /** The names of all rooms that are followed now. */
  List<RoomName> names() {
    return List.copyOf(rooms.keySet());
  }

  /** As {@link PresenceBroadcaster#follow}. */
  void follow(Connection connection, RoomName room, MembersBy by, long needs) {
    lock.lock();
    try {
      byConnection.computeIfAbsent(connection, c -> new HashSet<>(2)).add(room);
      rooms
          .computeIfAbsent(room, r -> new PresenceRoom(r, () -> mark(r)))
          .add(connection, by, needs);
      dirty.add(room);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The connection follows the room no more; nothing is delivered to it after this. */
  void unfollow(Connection connection, RoomName room) {
    lock.lock();
    try {
      Set<RoomName> theirs = byConnection.get(connection);
      if (theirs != null && theirs.remove(room)) {
        if (theirs.isEmpty()) {
          byConnection.remove(connection);
        }
        drop(connection, room);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The connection follows no room any more. */
  void unfollowAll(Connection connection) {
    lock.lock();
    try {
      Set<RoomName> theirs = byConnection.remove(connection);
      if (theirs != null) {
        for (RoomName room : theirs) {
          drop(connection, room);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void drop(Connection connection, RoomName room) {
    PresenceRoom followed = rooms.get(room);
    if (followed != null) {
      followed.remove(connection);
      if (followed.isEmpty()) {
        rooms.remove(room);
        doubted.remove(room);
      }
    }
  }

  /** Queues a room to be read, if it is followed. */
  void mark(RoomName room) {
    lock.lock();
    try {
      if (rooms.containsKey(room)) {
        dirty.add(room);
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Queues a room to be read as a whole after a failure, without waking a pause. */
  void retry(RoomName room) {
    lock.lock();
    try {
      if (rooms.containsKey(room)) {
        doubted.add(room);
        dirty.add(room);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Queues all rooms to be read as a whole. */
  void doubt() {
    lock.lock();
    try {
      doubted.addAll(rooms.keySet());
      dirty.addAll(rooms.keySet());
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a diff may build on earlier reads of the room; true again from the next call on. */
  boolean trusted(RoomName room) {
    lock.lock();
    try {
      return !doubted.remove(room);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for rooms to be read and takes up to {@value #MAX_BATCH}; empty once closed. */
  List<RoomName> take() throws InterruptedException {
    lock.lock();
    try {
      while (dirty.isEmpty() && !closed) {
        work.await();
      }
      List<RoomName> batch = new ArrayList<>(Math.min(dirty.size(), MAX_BATCH));
      while (!closed && !dirty.isEmpty() && batch.size() < MAX_BATCH) {
        batch.add(dirty.removeFirst());
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, at most until closed, and not at all while a whole batch is queued. */
  void pause(long nanos) throws InterruptedException {
    if (!full()) {
      var unused = ended.await(nanos, TimeUnit.NANOSECONDS);
    }
  }

  private boolean full() {
    lock.lock();
    try {
      return dirty.size() >= MAX_BATCH;
    } finally {
      lock.unlock();
    }
  }

  /** Ends {@link #take} and {@link #pause}, now and later. */
  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
      ended.countDown();
    } finally {
      lock.unlock();
    }
  }
}
