package io.carillon.core.presence;

import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.WakeBatch;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.PresenceStore;
import io.carillon.core.spi.PresenceStore.Changes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells followers. One task: at most once a tick it reads, in one call of the store, what is new in
 * all rooms that something was heard of, and delivers one frame per room and follower.
 */
final class PresenceBroadcaster implements Runnable {
  private static final int MAX_ROOMS = 1000;

  private final PresenceStore store;
  private final Namespaces namespaces;
  private final Duration tick;
  private final LongSupplier nanos;
  private final LongSupplier written;
  private final WakeBatch wakes;
  private final Trouble trouble;
  private final Map<RoomName, PresenceRoom> rooms = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition ended = lock.newCondition();
  private final Map<Connection, Set<RoomName>> byConnection = new HashMap<>();
  private final LinkedHashSet<RoomName> dirty = new LinkedHashSet<>();
  private final Set<RoomName> doubted = new HashSet<>();
  private boolean closed;

  /**
   * Makes a feed that does not run yet.
   *
   * @param nanos a monotonic clock
   * @param written the number of the last write of this instance that was done
   * @param wakes lets the writers of a tick's followers begin together
   * @param trouble of this task
   */
  PresenceBroadcaster(
      PresenceStore store,
      Namespaces namespaces,
      Duration tick,
      LongSupplier nanos,
      LongSupplier written,
      WakeBatch wakes,
      Trouble trouble) {
    this.trouble = trouble;
    this.nanos = nanos;
    this.store = store;
    this.namespaces = namespaces;
    this.tick = tick;
    this.written = written;
    this.wakes = wakes;
  }

  /** Begins with the list once the write {@code needs} is done; following again begins again. */
  void follow(Connection connection, RoomName room, long needs) {
    lock.lock();
    try {
      byConnection.computeIfAbsent(connection, c -> new HashSet<>(2)).add(room);
      rooms.computeIfAbsent(room, r -> new PresenceRoom(r, () -> mark(r))).add(connection, needs);
      dirty.add(room);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

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

  void unfollowAll(Connection connection) {
    lock.lock();
    try {
      Set<RoomName> theirs = byConnection.remove(connection);
      if (theirs != null) {
        theirs.forEach(room -> drop(connection, room));
      }
    } finally {
      lock.unlock();
    }
  }

  private void drop(Connection connection, RoomName room) {
    PresenceRoom presenceRoom = rooms.get(room);
    if (presenceRoom != null) {
      presenceRoom.remove(connection);
      if (presenceRoom.isEmpty()) {
        rooms.remove(room);
        doubted.remove(room);
      }
    }
  }

  /** How many members the room has, if it is followed here and was read. */
  @Nullable Integer count(RoomName room) {
    PresenceRoom presenceRoom = rooms.get(room);
    return presenceRoom == null || presenceRoom.revision() < 0 ? null : presenceRoom.count();
  }

  /** The room has reached this revision. */
  void heard(RoomName room, long revision) {
    PresenceRoom presenceRoom = rooms.get(room);
    if (presenceRoom != null && revision > presenceRoom.revision()) {
      mark(room);
    }
  }

  private void mark(RoomName room) {
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

  /** What was read of any room may be wrong: reads all of them as a whole. */
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

  /** Compares the revisions of all followed rooms with the store; blocks. */
  void compare() {
    Collection<RoomName> presenceRoom = List.copyOf(rooms.keySet());
    if (presenceRoom.isEmpty()) {
      return;
    }
    Map<RoomName, Long> revisions = store.revisions(presenceRoom);
    for (RoomName room : presenceRoom) {
      PresenceRoom here = rooms.get(room);
      if (here != null && here.revision() != revisions.getOrDefault(room, 0L)) {
        mark(room);
      }
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    try {
      for (List<RoomName> batch = take(); !batch.isEmpty(); batch = take()) {
        long begun = nanos.getAsLong();
        long wait = Math.max(tick.toNanos(), attempt(batch));
        pause(wait - (nanos.getAsLong() - begun));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many nanoseconds to wait at least; 0: all were told. */
  private long attempt(List<RoomName> batch) {
    try {
      List<Throwable> surprises = tick(batch);
      if (!surprises.isEmpty()) {
        return trouble.surprise(surprises.getFirst());
      }
      trouble.over();
      return 0;
    } catch (LogUnavailableException away) {
      batch.forEach(this::again);
      return trouble.away();
    } catch (RuntimeException | Error surprise) {
      batch.forEach(this::again);
      return trouble.surprise(surprise);
    }
  }

  private List<RoomName> take() throws InterruptedException {
    lock.lock();
    try {
      while (dirty.isEmpty() && !closed) {
        work.await();
      }
      List<RoomName> batch = new ArrayList<>(Math.min(dirty.size(), MAX_ROOMS));
      while (!closed && !dirty.isEmpty() && batch.size() < MAX_ROOMS) {
        batch.add(dirty.removeFirst());
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = dirty.size() >= MAX_ROOMS ? 0 : nanos;
      while (left > 0 && !closed) {
        left = ended.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Reads the rooms and tells what is new; what went wrong with single rooms. */
  private List<Throwable> tick(List<RoomName> batch) {
    // Whoever follows a room anew while the store is asked begins with another, empty list: what
    // was read for the one of before must not be folded into it.
    Map<RoomName, PresenceRoom> asked = HashMap.newHashMap(batch.size());
    Map<RoomName, Long> since = HashMap.newHashMap(batch.size());
    for (RoomName room : batch) {
      PresenceRoom presenceRoom = rooms.get(room);
      if (presenceRoom != null) {
        asked.put(room, presenceRoom);
        since.put(room, trusted(room) ? presenceRoom.revision() : -1);
      }
    }
    if (since.isEmpty()) {
      return List.of();
    }
    long done = written.getAsLong();
    Map<RoomName, Changes> changes = store.changes(since);
    List<Throwable> surprises = new ArrayList<>();
    wakes.during(
        () ->
            asked.forEach(
                (room, presenceRoom) -> {
                  try {
                    tell(room, presenceRoom, changes.get(room), done);
                  } catch (RuntimeException | Error surprise) {
                    again(room);
                    surprises.add(surprise);
                  }
                }));
    return surprises;
  }

  private boolean trusted(RoomName room) {
    lock.lock();
    try {
      return !doubted.remove(room);
    } finally {
      lock.unlock();
    }
  }

  private void again(RoomName room) {
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

  private void tell(
      RoomName room, PresenceRoom presenceRoom, @Nullable Changes changes, long done) {
    int limit = namespaces.of(room.namespace()).membersListLimit();
    if (changes == null || presenceRoom.tell(changes, limit, done)) {
      mark(room);
    }
  }
}
