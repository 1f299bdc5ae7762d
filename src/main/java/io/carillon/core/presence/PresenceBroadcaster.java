package io.carillon.core.presence;

import io.carillon.core.MembersBy;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.WakeBatch;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.PresenceStore;
import io.carillon.core.spi.PresenceStore.PresenceChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Broadcaster of presence to the followers of rooms. One task: at most once a tick it reads, in one
 * call of the store, the changes of all marked rooms, and delivers one frame per room and follower.
 */
final class PresenceBroadcaster implements Runnable {
  private final PresenceStore store;
  private final Namespaces namespaces;
  private final Duration tick;
  private final LongSupplier nanos;
  private final LongSupplier written;
  private final WakeBatch wakes;
  private final TaskFailures failures;
  private final FollowedRooms rooms = new FollowedRooms();

  /**
   * Creates a broadcaster, to be run once.
   *
   * @param nanos a monotonic clock
   * @param written number of this instance's last completed write
   * @param wakes lets the writers of a tick's followers begin together
   * @param failures of this task
   */
  PresenceBroadcaster(
      PresenceStore store,
      Namespaces namespaces,
      Duration tick,
      LongSupplier nanos,
      LongSupplier written,
      WakeBatch wakes,
      TaskFailures failures) {
    this.failures = failures;
    this.nanos = nanos;
    this.store = store;
    this.namespaces = namespaces;
    this.tick = tick;
    this.written = written;
    this.wakes = wakes;
  }

  /** Begins with the list once the write {@code needs} is done; following again begins again. */
  void follow(Connection connection, RoomName room, MembersBy by, long needs) {
    rooms.follow(connection, room, by, needs);
  }

  void unfollow(Connection connection, RoomName room) {
    rooms.unfollow(connection, room);
  }

  void unfollowAll(Connection connection) {
    rooms.unfollowAll(connection);
  }

  /** Number of the room's members, if it is followed here and was read. */
  @Nullable Integer count(RoomName room) {
    PresenceRoom followed = rooms.get(room);
    return followed == null || followed.revision() < 0 ? null : followed.count();
  }

  /** Marks a room that has reached this revision. */
  void heard(RoomName room, long revision) {
    PresenceRoom followed = rooms.get(room);
    if (followed != null && revision > followed.revision()) {
      rooms.mark(room);
    }
  }

  /** Reads all rooms as a whole: earlier reads may be wrong. */
  void doubt() {
    rooms.doubt();
  }

  /** Compares the revisions of all followed rooms with the store; blocks. */
  void compare() {
    List<RoomName> names = rooms.names();
    if (names.isEmpty()) {
      return;
    }
    Map<RoomName, Long> revisions = store.revisions(names);
    for (RoomName room : names) {
      PresenceRoom followed = rooms.get(room);
      if (followed != null && followed.revision() != revisions.getOrDefault(room, 0L)) {
        rooms.mark(room);
      }
    }
  }

  void close() {
    rooms.close();
  }

  @Override
  public void run() {
    try {
      for (List<RoomName> batch = rooms.take(); !batch.isEmpty(); batch = rooms.take()) {
        long begun = nanos.getAsLong();
        long wait = Math.max(tick.toNanos(), attempt(batch));
        rooms.pause(wait - (nanos.getAsLong() - begun));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Least nanoseconds to wait; 0: all followers were told. */
  private long attempt(List<RoomName> batch) {
    try {
      List<Throwable> surprises = tick(batch);
      if (!surprises.isEmpty()) {
        return failures.surprise(surprises.getFirst());
      }
      failures.over();
      return 0;
    } catch (LogUnavailableException away) {
      batch.forEach(rooms::retry);
      return failures.away();
    } catch (RuntimeException | Error surprise) {
      batch.forEach(rooms::retry);
      return failures.surprise(surprise);
    }
  }

  /** Reads the rooms and delivers their changes; returns the failures of single rooms. */
  private List<Throwable> tick(List<RoomName> batch) {
    // A connection that follows a room anew while the store is read begins with another, empty
    // list: a read for the previous one must not be applied to it.
    Map<RoomName, PresenceRoom> asked = HashMap.newHashMap(batch.size());
    Map<RoomName, Long> since = HashMap.newHashMap(batch.size());
    for (RoomName room : batch) {
      PresenceRoom followed = rooms.get(room);
      if (followed != null) {
        asked.put(room, followed);
        since.put(room, rooms.trusted(room) ? followed.revision() : -1);
      }
    }
    if (since.isEmpty()) {
      return List.of();
    }
    long done = written.getAsLong();
    Map<RoomName, PresenceChanges> changes = store.changes(since);
    List<Throwable> surprises = new ArrayList<>();
    wakes.during(
        () ->
            asked.forEach(
                (room, followed) -> {
                  try {
                    tell(room, followed, changes.get(room), done);
                  } catch (RuntimeException | Error surprise) {
                    rooms.retry(room);
                    surprises.add(surprise);
                  }
                }));
    return surprises;
  }

  private void tell(
      RoomName room, PresenceRoom followed, @Nullable PresenceChanges changes, long done) {
    int limit = namespaces.of(room.namespace()).membersListLimit();
    if (changes == null || followed.tell(changes, limit, done)) {
      rooms.mark(room);
    }
  }
}
