package io.carillon.core.spi;

import io.carillon.core.RoomName;
import java.util.List;
import java.util.Map;

/**
 * Number of connections that read each room, over all instances, some seconds behind the truth. The
 * numbers of an instance that is gone vanish with its lease.
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

  /** How many connections read the room on the other instances. */
  int elsewhere(RoomName room);
}
