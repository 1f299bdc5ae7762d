package io.carillon.core.presence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.MembersBy;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.core.spi.PresenceStore.PresenceChanges;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Members of one room as last told, with the followers on this instance. Deliveries are offered
 * under this object's lock, so none comes after {@link #remove}.
 */
final class PresenceRoom {
  private final ReentrantLock lock = new ReentrantLock();
  private final RoomName room;
  private final Runnable wake;

  @GuardedBy("lock")
  private final MemberAggregate aggregate = new MemberAggregate();

  @GuardedBy("lock")
  private final Map<Connection, Follower> followers = new HashMap<>();

  @GuardedBy("lock")
  private final PresenceFeed byUser;

  /** Null while nobody follows by connection. */
  @GuardedBy("lock")
  private @Nullable PresenceFeed byConnection;

  private volatile long revision = -1;
  private volatile int count;

  /** State of one follower: it waits for the list (after the write {@code needs}), or has it. */
  private record Follower(MembersBy by, boolean waits, long needs) {
    /** More than any write: until its send queue has drained. */
    static final long LATER = Long.MAX_VALUE;

    /** Has got the list and all changes since. */
    static final Map<MembersBy, Follower> CURRENT =
        Map.of(
            MembersBy.USER, new Follower(MembersBy.USER, false, 0),
            MembersBy.CONNECTION, new Follower(MembersBy.CONNECTION, false, 0));
  }

  /**
   * Creates a room without members, to be read.
   *
   * @param wake asks for another tick of this room
   */
  PresenceRoom(RoomName room, Runnable wake) {
    this.room = room;
    this.wake = wake;
    this.byUser = new PresenceFeed(room, new UserView(aggregate));
  }

  /** The revision of the last read; -1 before the first. */
  long revision() {
    return revision;
  }

  /** Number of members; valid once {@link #revision} is not negative. */
  int count() {
    return count;
  }

  /** The follower gets the list at the next tick after the write {@code needs}, then diffs. */
  void add(Connection connection, MembersBy by, long needs) {
    lock.lock();
    try {
      followers.put(connection, new Follower(by, true, needs));
    } finally {
      lock.unlock();
    }
  }

  void remove(Connection connection) {
    lock.lock();
    try {
      followers.remove(connection);
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return followers.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Applies a read and delivers the difference to all followers.
   *
   * @param limit number of members above which only the count is sent
   * @param done number of the last write completed before the read
   * @return whether a follower still waits for a write
   */
  boolean tell(PresenceChanges changes, int limit, long done) {
    lock.lock();
    try {
      byUser.apply(changes, limit);
      applyByConnection(changes, limit);
      count = byUser.count();
      revision = changes.revision();
      boolean waiting = false;
      for (Map.Entry<Connection, Follower> one : List.copyOf(followers.entrySet())) {
        Follower follower = one.getValue();
        if (follower.needs > done) {
          waiting |= follower.needs != Follower.LATER;
          continue;
        }
        PresenceFeed feed = feed(follower.by);
        SharedDelivery next = follower.waits ? feed.list() : feed.change();
        if (next != null) {
          offer(one.getKey(), follower.by, next);
        }
      }
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** Begins with the entries of all reads so far, or goes on with this one. */
  @GuardedBy("lock")
  private void applyByConnection(PresenceChanges changes, int limit) {
    PresenceFeed feed = byConnection;
    if (followers.values().stream().noneMatch(f -> f.by == MembersBy.CONNECTION)) {
      byConnection = null;
    } else if (feed == null) {
      feed = new PresenceFeed(room, new ConnectionView());
      feed.apply(new PresenceChanges(changes.revision(), true, aggregate.entries()), limit);
      byConnection = feed;
    } else {
      feed.apply(changes, limit);
    }
  }

  @GuardedBy("lock")
  private PresenceFeed feed(MembersBy by) {
    return switch (by) {
      case USER -> byUser;
      case CONNECTION -> Objects.requireNonNull(byConnection);
    };
  }

  /**
   * A delivery that the send queue refuses is replaced by the whole list when the queue has
   * drained.
   */
  @GuardedBy("lock")
  private void offer(Connection connection, MembersBy by, SharedDelivery delivery) {
    if (connection.deliver(delivery)) {
      followers.put(connection, Objects.requireNonNull(Follower.CURRENT.get(by)));
      return;
    }
    followers.put(connection, new Follower(by, true, Follower.LATER));
    if (!connection.closing()) {
      connection.whenSpace(() -> drained(connection));
    }
  }

  private void drained(Connection connection) {
    lock.lock();
    try {
      Follower follower = followers.get(connection);
      if (follower == null) {
        return;
      }
      followers.put(connection, new Follower(follower.by, true, 0));
    } finally {
      lock.unlock();
    }
    wake.run();
  }
}
