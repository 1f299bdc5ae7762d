package io.carillon.core.room;

import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import org.jspecify.annotations.Nullable;

/**
 * One connection's reading of one room. The mutable part is guarded by the room's lock.
 *
 * <p>{@code seq} is the last event that was put into the connection's outbox; it only ever advances
 * by one, except when a resync was announced.
 */
final class Subscription {
  /** How the reader gets its next event. */
  enum Mode {
    /** Not yet: the answer to the join comes first. */
    JOINING,
    /** From the ring or the log, by {@link Catchup}. */
    CATCHING_UP,
    /** From the room, as events are sequenced. */
    LIVE,
    /** Never again. */
    ENDED
  }

  final Connection connection;
  final Room room;
  final boolean signals;

  /** Whether the connection follows the members too, or is one. */
  volatile boolean present;

  /** Its index among the room's readers; negative: it is not one of them. */
  int place = -1;

  Mode mode = Mode.JOINING;
  long seq;

  /** What happened to the log while the answer to the join was on its way; said right after it. */
  @Nullable Resync owed;

  Subscription(Connection connection, Room room, boolean signals) {
    this.connection = connection;
    this.room = room;
    this.signals = signals;
  }

  RoomName name() {
    return room.name();
  }
}
