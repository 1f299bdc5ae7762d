package io.carillon.core.room;

import io.carillon.core.Event;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.SharedDelivery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Subscription of one connection to one room. The mutable part is guarded by the room's lock.
 *
 * <p>{@code seq} is the last event that entered the connection's send queue, or was skipped because
 * the reader wants no echo; it advances by one, except with a resync.
 */
final class Subscription {
  /** Source of the reader's next event. */
  enum Mode {
    /** None before the answer to the join. */
    JOINING,
    /** Memory or the log, by {@link Catchup}. */
    CATCHING_UP,
    /** The room, as events are sequenced. */
    LIVE,
    /** None: it has ended. */
    ENDED
  }

  /** Signals held during a join. */
  private static final int MOST_EARLY = 32;

  final Connection connection;
  final Room room;
  final boolean signals;
  private final boolean echo;

  /** Whether the application joined on the user's behalf, whose rights are not asked for. */
  final boolean vouched;

  /** Whether the connection follows the members too, or is one. */
  volatile boolean present;

  /** Index among the room's readers; negative: it is none of them. */
  int place = -1;

  /** Whether it counts for its namespace. */
  private boolean counted;

  /** Signals of the time before the first delivery; null: none. */
  private @Nullable List<SharedDelivery> early;

  Mode mode = Mode.JOINING;
  long seq;

  /** Resync for a change of the log during the join; sent right after the join's answer. */
  @Nullable Resync pendingResync;

  /** Number of events skipped by conflation since the last delivery, own ones not counted. */
  int untold;

  /**
   * Creates a subscription before its join is answered.
   *
   * @param echo whether it gets what its own connection published
   */
  Subscription(Connection connection, Room room, boolean signals, boolean echo) {
    this(connection, room, signals, echo, false);
  }

  /** Creates one that the application may vouch for. */
  Subscription(Connection connection, Room room, boolean signals, boolean echo, boolean vouched) {
    this.vouched = vouched;
    this.connection = connection;
    this.room = room;
    this.signals = signals;
    this.echo = echo;
  }

  /** Whether the event is skipped because the reader's own connection published it. */
  boolean mutes(Event event) {
    return !echo && connection.id().equals(event.origin());
  }

  /** Keeps a signal until deliveries start; false: they are too many, and it is dropped. */
  boolean hold(SharedDelivery signal) {
    if (early == null) {
      early = new ArrayList<>();
    }
    return early.size() < MOST_EARLY && early.add(signal);
  }

  /** The signals that were held, once. */
  List<SharedDelivery> held() {
    List<SharedDelivery> held = early == null ? List.of() : early;
    early = null;
    return held;
  }

  /** Sets whether it counts for its namespace; returns whether it did. */
  synchronized boolean count(boolean counts) {
    boolean before = counted;
    counted = counts;
    return before;
  }

  RoomName name() {
    return room.name();
  }
}
