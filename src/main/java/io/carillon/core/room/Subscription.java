package io.carillon.core.room;

import io.carillon.core.Event;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import org.jspecify.annotations.Nullable;

/**
 * One connection's reading of one room. The mutable part is guarded by the room's lock.
 *
 * <p>{@code seq} is the last event that was put into the connection's outbox, or passed because the
 * reader wants no echo; it only ever advances by one, except when a resync was announced.
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
  private final boolean echo;

  /** Whether the connection follows the members too, or is one. */
  volatile boolean present;

  /** Its index among the room's readers; negative: it is not one of them. */
  int place = -1;

  Mode mode = Mode.JOINING;
  long seq;

  /** What happened to the log while the answer to the join was on its way; said right after it. */
  @Nullable Resync pendingResync;

  /** How many events were left out since the last one that was told, of which none was its own. */
  int untold;

  /**
   * Makes a reader that gets nothing yet.
   *
   * @param echo whether it gets what its own connection published
   */
  Subscription(Connection connection, Room room, boolean signals, boolean echo) {
    this.connection = connection;
    this.room = room;
    this.signals = signals;
    this.echo = echo;
  }

  /** Whether the event is passed without a word, for the reader's own connection published it. */
  boolean mutes(Event event) {
    return !echo && connection.id().equals(event.origin());
  }

  RoomName name() {
    return room.name();
  }
}
