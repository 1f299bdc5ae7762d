package io.carillon.core.spi;

import io.carillon.core.Cursor;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Read side of the log. All reads block and are meant for virtual threads; they throw {@link
 * LogUnavailableException} when the log cannot be reached.
 */
public interface LogReads {
  /** Default bound of a page, in bytes. */
  int PAGE_BYTES = 1024 * 1024;

  /**
   * The heads of these rooms, read afresh in one query; rooms without events are absent. Creates
   * nothing.
   */
  Map<RoomName, Head> heads(Collection<RoomName> rooms);

  /**
   * Events with {@code seq > after} in ascending order, read in one snapshot together with the
   * head; at most {@code limit} of them and at most about so many bytes, and fewer where days
   * without an event lie between, but at least one if there is any. If the first is not {@code
   * after + 1} the events between were removed.
   *
   * @param bytes bound of the events' data, meta and overhead; not more than 1 MiB
   */
  LogPage after(RoomName room, long after, int limit, int bytes);

  /** The same, of at most about 1 MiB. */
  default LogPage after(RoomName room, long after, int limit) {
    return after(room, after, limit, PAGE_BYTES);
  }

  /** The last {@code limit} events with {@code seq < before}, in ascending order; else as above. */
  LogPage before(RoomName room, long before, int limit);

  /**
   * The position of an instant of database time: the events after it are those that the log took at
   * or after the instant. Before what is retained it is the floor, beyond the last event the head.
   * Times ascend with {@code seq}, except where the database's clock was set back: there it is one
   * of the places at which they pass the instant.
   */
  Cursor at(RoomName room, Instant instant);

  /**
   * The greatest {@code seq} of an older epoch from which a reader may continue in the current one
   * (the smallest fork on the way); empty if the room never had that epoch.
   */
  OptionalLong fork(RoomName room, String epoch);

  /** Names of rooms that begin with the prefix, in order, beginning after {@code from}. */
  List<RoomName> rooms(String prefix, String from, int limit);
}
