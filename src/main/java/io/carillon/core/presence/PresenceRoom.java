package io.carillon.core.presence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.Delivery;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.core.spi.PresenceStore.Changes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Members of one room as last told, with the followers on this instance. Deliveries are offered
 * under this object's lock, so none comes after {@link #remove}.
 */
final class PresenceRoom {
  /** Size above which a list is replaced by a count: a frame must fit a send queue. */
  private static final long LIST_BYTES = 512 * 1024;

  /** Number of members that fit with the largest states. */
  private static final int SURELY_FITS = 300;

  private final ReentrantLock lock = new ReentrantLock();
  private final RoomName room;
  private final Runnable wake;

  @GuardedBy("lock")
  private final MemberAggregate aggregate = new MemberAggregate();

  @GuardedBy("lock")
  private final Map<Connection, Follower> followers = new HashMap<>();

  @GuardedBy("lock")
  private boolean counting;

  private volatile long revision = -1;
  private volatile int count;

  /** State of one follower: it waits for the list (after the write {@code needs}), or has it. */
  private record Follower(boolean waits, long needs) {
    /** More than any write: until its send queue has drained. */
    static final long LATER = Long.MAX_VALUE;

    static final Follower CURRENT = new Follower(false, 0);
  }

  /**
   * Creates a room without members, to be read.
   *
   * @param wake asks for another tick of this room
   */
  PresenceRoom(RoomName room, Runnable wake) {
    this.room = room;
    this.wake = wake;
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
  void add(Connection connection, long needs) {
    lock.lock();
    try {
      followers.put(connection, new Follower(true, needs));
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
  boolean tell(Changes changes, int limit, long done) {
    lock.lock();
    try {
      boolean first = revision < 0;
      boolean counted = counting;
      MemberAggregate.Diff diff = aggregate.apply(changes);
      count = aggregate.count();
      revision = changes.revision();
      // A little below the limit before lists begin again, so that a room at the limit does not
      // send the whole list with every second change.
      long most = !first && counted ? LIST_BYTES - LIST_BYTES / 10 : LIST_BYTES;
      counting =
          count > limit
              || (!first && counted && count > limit - limit / 10)
              || (count > SURELY_FITS && aggregate.weight() > most);
      SharedDelivery change = first ? null : change(diff, counted);
      SharedDelivery list = null;
      boolean waiting = false;
      for (Map.Entry<Connection, Follower> one : List.copyOf(followers.entrySet())) {
        Follower follower = one.getValue();
        if (follower.needs > done) {
          waiting |= follower.needs != Follower.LATER;
        } else if (follower.waits) {
          list = list == null ? new SharedDelivery(list()) : list;
          offer(one.getKey(), list);
        } else if (change != null) {
          offer(one.getKey(), change);
        }
      }
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Delivery list() {
    return new Delivery.MembersDelivery(room, count, counting ? null : aggregate.list());
  }

  @GuardedBy("lock")
  private @Nullable SharedDelivery change(MemberAggregate.Diff diff, boolean counted) {
    if (counted && !counting) {
      return new SharedDelivery(list());
    }
    if (counting) {
      return diff.changesCount()
          ? new SharedDelivery(
              new Delivery.PresenceDelivery(room, List.of(), List.of(), List.of(), count))
          : null;
    }
    return diff.isEmpty()
        ? null
        : new SharedDelivery(
            new Delivery.PresenceDelivery(room, diff.joined(), diff.updated(), diff.left(), count));
  }

  /**
   * A delivery that the send queue refuses is replaced by the whole list when the queue has
   * drained.
   */
  @GuardedBy("lock")
  private void offer(Connection connection, SharedDelivery delivery) {
    if (connection.deliver(delivery)) {
      followers.put(connection, Follower.CURRENT);
      return;
    }
    followers.put(connection, new Follower(true, Follower.LATER));
    if (!connection.closing()) {
      connection.whenSpace(() -> drained(connection));
    }
  }

  private void drained(Connection connection) {
    lock.lock();
    try {
      if (followers.replace(connection, new Follower(true, 0)) == null) {
        return;
      }
    } finally {
      lock.unlock();
    }
    wake.run();
  }
}
