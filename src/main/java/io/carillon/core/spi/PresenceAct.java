package io.carillon.core.spi;

import io.carillon.core.RoomName;
import java.time.Duration;

/** One thing to do to the members of a room. Doing it twice in a row is as good as once. */
public sealed interface PresenceAct {
  /** Where. */
  RoomName room();

  /** The connection is a member with this state; ends a close that was not over yet. */
  record Track(RoomName room, String connection, String user, String state)
      implements PresenceAct {}

  /** As {@link Track}, but only if the store has lost it; changes nothing else. */
  record Reassert(RoomName room, String connection, String user, String state)
      implements PresenceAct {}

  /** The connection is no member any more, nor are closed connections of its user. */
  record Untrack(RoomName room, String connection, String user) implements PresenceAct {}

  /** The connection is gone and its user may come back: a member for {@code grace} more. */
  record Close(RoomName room, String connection, String user, Duration grace)
      implements PresenceAct {}

  /** The user is a member for {@code time} without a connection of its own. */
  record Lease(RoomName room, String user, String state, Duration time) implements PresenceAct {}

  /** A lease, if there is one, lasts for {@code time} from now. */
  record Renew(RoomName room, String user, Duration time) implements PresenceAct {}

  /** Ends a lease. */
  record Unlease(RoomName room, String user) implements PresenceAct {}
}
