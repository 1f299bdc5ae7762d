package io.carillon.core.room;

import io.carillon.core.limit.Limits;
import java.time.Duration;

/**
 * Bounds of rooms.
 *
 * @param roomsPerConnection most rooms that one connection may read
 * @param idle time for which a room without readers stays in memory
 * @param recentBytes most bytes of recent events in memory, over all rooms
 * @param joining most concurrent joins that read the database
 * @param connections most database connections for reads; half of them are for replays, a quarter
 *     for pages of history
 * @param replayBytes most bytes of a replay page: the capacity of a send queue, since a larger page
 *     would be read again after the queue has space
 * @param shared limits by room and namespace, of all connections together
 */
public record RoomLimits(
    int roomsPerConnection,
    Duration idle,
    long recentBytes,
    int joining,
    int connections,
    int replayBytes,
    Limits shared) {
  /** 100 rooms a connection; 30 seconds; 64 MiB; 256; 16; 256 KiB. */
  public static final RoomLimits DEFAULTS =
      new RoomLimits(100, Duration.ofSeconds(30), 64 * 1024 * 1024, 256, 16, 256 * 1024);

  /** Without limits by room and namespace. */
  public RoomLimits(
      int roomsPerConnection,
      Duration idle,
      long recentBytes,
      int joining,
      int connections,
      int replayBytes) {
    this(roomsPerConnection, idle, recentBytes, joining, connections, replayBytes, Limits.NONE);
  }

  /** The same with these limits by room and namespace. */
  public RoomLimits within(Limits limits) {
    return new RoomLimits(
        roomsPerConnection, idle, recentBytes, joining, connections, replayBytes, limits);
  }

  int replays() {
    return Math.max(1, connections / 2);
  }

  int histories() {
    return Math.max(1, connections / 4);
  }
}
