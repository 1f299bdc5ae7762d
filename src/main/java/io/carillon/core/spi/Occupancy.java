package io.carillon.core.spi;

import io.carillon.core.RoomName;
import java.util.List;
import java.util.Map;

/**
 * Number of connections that read each room, over all instances, some seconds old. The numbers of a
 * dead instance vanish with its lease.
 */
public interface Occupancy {
  /**
   * Replaces this instance's previous report.
   *
   * @param connections the rooms that are read here, with the number of connections
   */
  void report(Map<RoomName, Integer> connections);

  /** Names of rooms that are read or have members anywhere, beginning with the prefix, in order. */
  List<RoomName> occupied(String prefix, int limit);

  /** Number of connections that read the room on the other instances. */
  int elsewhere(RoomName room);
}
