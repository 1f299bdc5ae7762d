package io.carillon.core.room;

import io.carillon.core.Event;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.Connection;
import io.carillon.core.spi.Backplane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Entry of events into rooms: own commits, doorbells and signals of other instances, ends of
 * connections. Thread-safe; nothing here blocks.
 */
public final class RoomEvents {
  private final RoomRegistry registry;
  private final Sequencer sequencer;
  private final FanOut fanOut;
  private final Backplane backplane;
  private final Joins joins;

  RoomEvents(
      RoomRegistry registry, Sequencer sequencer, FanOut fanOut, Backplane backplane, Joins joins) {
    this.registry = registry;
    this.sequencer = sequencer;
    this.fanOut = fanOut;
    this.backplane = backplane;
    this.joins = joins;
  }

  /**
   * Passes own commits on to local readers, in order per room, and rings for the other instances.
   */
  void committed(List<Event> events) {
    Map<RoomName, List<Event>> byRoom = new LinkedHashMap<>();
    events.forEach(e -> byRoom.computeIfAbsent(e.room(), r -> new ArrayList<>()).add(e));
    byRoom.forEach(
        (name, theirs) -> {
          Room room = registry.find(name);
          if (room != null) {
            sequencer.committed(room, theirs);
          }
          Event last = theirs.getLast();
          backplane.ring(name, last.epoch(), last.seq());
        });
  }

  /** Takes a doorbell: the room has reached at least this position. Returns at once. */
  public void rang(RoomName name, String epoch, long seq) {
    Room room = registry.find(name);
    if (room != null) {
      sequencer.heard(room, epoch, seq);
    }
  }

  /** Passes a signal of another instance on to local readers. Returns at once. */
  public void signalled(Signal signal) {
    Room room = registry.find(signal.room());
    if (room != null) {
      fanOut.signal(room, signal);
    }
  }

  /** Ends the subscriptions and the presence of a connection that has ended. */
  public void ended(Connection connection) {
    joins.ended(connection);
  }
}
