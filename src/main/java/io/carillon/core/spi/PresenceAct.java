package io.carillon.core.spi;

import io.carillon.core.Lessee;
import io.carillon.core.RoomName;
import java.time.Duration;

/**
 * Change to the members of a room, as the store applies it. Idempotent: applying it twice in a row
 * is as good as once.
 */
public sealed interface PresenceAct {
  /** Where. */
  RoomName room();

  /** The connection is a member with this state; cancels a pending close. */
  record TrackConnection(RoomName room, String connection, String user, String state)
      implements PresenceAct {}

  /**
   * As {@link TrackConnection}, but only if the store has lost the entry or marked it as leaving; a
   * known state keeps its place in the order of tracks.
   */
  record Reassert(RoomName room, String connection, String user, String state)
      implements PresenceAct {}

  /** Ends the membership of the connection, and of closed connections of its user. */
  record UntrackConnection(RoomName room, String connection, String user) implements PresenceAct {}

  /** The connection is gone; its user stays a member for the {@code grace}. */
  record Close(RoomName room, String connection, String user, Duration grace)
      implements PresenceAct {}

  /**
   * The lessee is a member for {@code time} without a connection of its own; nothing if a call of
   * the same client with a higher number was done before.
   */
  record Lease(RoomName room, Lessee who, String state, Duration time) implements PresenceAct {}

  /**
   * A lease, if there is one, lasts for {@code time} from now. {@link Lessee#call} is here the
   * number of the stream or poll that renews it; of several the one with the highest counts.
   */
  record Renew(RoomName room, Lessee who, Duration time) implements PresenceAct {}

  /**
   * The stream of this number, which has renewed the lease last, is gone: it lasts for {@code
   * grace} more. Nothing if another renews it now.
   */
  record Release(RoomName room, Lessee who, Duration grace) implements PresenceAct {}

  /**
   * Ends a lease; nothing if a call of the same client with a higher number was done before, and a
   * call with a lower one that comes later does nothing.
   */
  record Unlease(RoomName room, Lessee who) implements PresenceAct {}
}
