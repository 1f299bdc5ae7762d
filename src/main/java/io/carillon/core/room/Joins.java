package io.carillon.core.room;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.Joined;
import io.carillon.core.MembersBy;
import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.presence.Presence;
import io.carillon.core.room.RoomPosition.HeadSnapshot;
import io.carillon.core.spi.LogUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Join and leave of rooms by connections, presence included. A join is atomic, is answered before
 * any of its deliveries, and leaves nothing behind if its connection ends meanwhile. For one
 * command of a connection at a time.
 */
final class Joins {
  private final AccessCheck access;
  private final SubscriptionRegistry subscriptions;
  private final Presence presence;
  private final MemberCounts counts;
  private final JoinLimiter limiter;
  private final UserActs acts;

  Joins(
      AccessCheck access,
      SubscriptionRegistry subscriptions,
      Presence presence,
      MemberCounts counts,
      JoinLimiter limiter,
      UserActs acts) {
    this.limiter = limiter;
    this.acts = acts;
    this.access = access;
    this.subscriptions = subscriptions;
    this.presence = presence;
    this.counts = counts;
  }

  /** Joins one room; the answer precedes all deliveries of the room. */
  void join(Connection connection, Command.Join join, Consumer<Joined> answer) {
    try {
      permit(connection, join);
      SubscriptionRegistry.Entry entered =
          needsNothing(join)
              ? enter(connection, join, null)
              : inTurn(() -> enter(connection, join, null));
      SubscriptionRegistry.Entry entry = counted(connection, join, entered);
      answer.accept(entry.joined());
      begin(connection, join, entry);
    } finally {
      cleanUpAfter(connection);
    }
  }

  /** Joins all rooms of a stream or of a poll, or none; the answer comes first. */
  void stream(Connection connection, List<Command.Join> joins) {
    List<SubscriptionRegistry.Entry> entries = new ArrayList<>();
    boolean entered = false;
    try {
      joins.forEach(join -> permit(connection, join));
      List<SubscriptionRegistry.Entry> all =
          joins.stream().allMatch(this::needsNothing)
              ? enter(connection, joins, Map.of())
              : inTurn(() -> enter(connection, joins, load(joins)));
      for (int i = 0; i < all.size(); i++) {
        entries.add(counted(connection, joins.get(i), all.get(i)));
      }
      entered = true;
      connection.deliver(
          new Delivery.StreamJoined(
              entries.stream().map(SubscriptionRegistry.Entry::joined).toList()));
      for (int i = 0; i < entries.size(); i++) {
        begin(connection, joins.get(i), entries.get(i));
      }
    } finally {
      if (!entered) {
        ended(connection);
      }
      cleanUpAfter(connection);
    }
  }

  private <T> T inTurn(Supplier<T> entering) {
    limiter.enter();
    try {
      return entering.get();
    } finally {
      limiter.leave();
    }
  }

  /** Whether a join needs no database read; then it takes no place of the limiter. */
  private boolean needsNothing(Command.Join join) {
    return join.presence() instanceof PresenceMode.None
        && subscriptions.inMemory(join.room(), join.after(), join.last());
  }

  private Map<RoomName, HeadSnapshot> load(List<Command.Join> joins) {
    return subscriptions.load(joins.stream().map(Command.Join::room).toList());
  }

  private void permit(Connection connection, Command.Join join) {
    if (join.vouched()) {
      return;
    }
    Identity who = connection.identity();
    access.require(who, Right.READ, join.room());
    if (!(join.presence() instanceof PresenceMode.None)) {
      access.require(who, Right.PRESENCE, join.room());
    }
  }

  private List<SubscriptionRegistry.Entry> enter(
      Connection connection, List<Command.Join> joins, Map<RoomName, HeadSnapshot> fresh) {
    return joins.stream().map(join -> enter(connection, join, fresh.get(join.room()))).toList();
  }

  private SubscriptionRegistry.Entry enter(
      Connection connection, Command.Join join, @Nullable HeadSnapshot fresh) {
    RoomName room = join.room();
    boolean entered = false;
    if (join.presence() instanceof PresenceMode.FollowAndTrack) {
      // A member stays a member: the others see at most a change of its state.
      presence.unfollow(connection, room);
    } else {
      absent(connection, room);
    }
    try {
      SubscriptionRegistry.Entry entry = subscriptions.enter(connection, join, fresh);
      entered = true;
      entry.reader().present = !(join.presence() instanceof PresenceMode.None);
      return entry;
    } finally {
      if (!entered) {
        absent(connection, room);
      }
    }
  }

  /**
   * Completes a join with presence; outside of the limiter, for it waits for the presence store.
   */
  private SubscriptionRegistry.Entry counted(
      Connection connection, Command.Join join, SubscriptionRegistry.Entry entry) {
    if (join.presence() instanceof PresenceMode.None) {
      return entry;
    }
    boolean done = false;
    try {
      if (join.presence() instanceof PresenceMode.FollowAndTrack track) {
        counts.enter(connection, join.room());
        presence.track(connection, join.room(), track.as(), track.state());
        presence.awaitWritten();
      }
      Joined joined = entry.joined().withMembers(presence.count(join.room()));
      done = true;
      return new SubscriptionRegistry.Entry(entry.reader(), joined);
    } finally {
      if (!done) {
        leave(connection, join.room());
      }
    }
  }

  private void begin(Connection connection, Command.Join join, SubscriptionRegistry.Entry entry) {
    subscriptions.begin(entry);
    acts.joined(connection.identity().user(), join.room());
    switch (join.presence()) {
      case PresenceMode.None none -> {}
      case PresenceMode.Follow follow -> follow(connection, join.room(), follow.by());
      case PresenceMode.FollowAndTrack track -> follow(connection, join.room(), track.by());
    }
  }

  private void follow(Connection connection, RoomName room, MembersBy by) {
    try {
      presence.follow(connection, room, by);
    } catch (LogUnavailableException answeredAlready) {
      connection.close(CloseCode.OVERLOAD, "storage");
    }
  }

  private void absent(Connection connection, RoomName room) {
    presence.left(connection, room);
    counts.exit(connection, room);
  }

  void leave(Connection connection, RoomName room) {
    absent(connection, room);
    if (subscriptions.leave(connection, room)) {
      acts.left(connection.identity().user(), room);
    }
  }

  void track(Connection connection, RoomName room, String state) {
    access.require(connection.identity(), Right.PRESENCE, room);
    if (!subscriptions.present(connection, room)) {
      throw new RefusedException(ErrorCode.NOT_JOINED);
    }
    try {
      counts.enter(connection, room);
      presence.track(connection, room, state);
      presence.awaitWritten();
    } finally {
      cleanUpAfter(connection);
    }
  }

  void untrack(Connection connection, RoomName room) {
    if (!subscriptions.reads(connection, room)) {
      throw new RefusedException(ErrorCode.NOT_JOINED);
    }
    presence.untrack(connection, room);
    counts.exit(connection, room);
  }

  /**
   * Cleans up again if the connection has ended: its own cleanup may have run before the last
   * entry.
   */
  private void cleanUpAfter(Connection connection) {
    if (connection.closing()) {
      ended(connection);
    }
  }

  /** Removes an ended connection from all rooms. Idempotent. */
  void ended(Connection connection) {
    subscriptions.ended(connection);
    presence.closed(connection);
    counts.ended(connection);
  }
}
