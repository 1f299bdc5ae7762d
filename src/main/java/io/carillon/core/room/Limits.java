package io.carillon.core.room;

import java.time.Duration;

/**
 * The bounds of rooms.
 *
 * @param roomsPerConnection how many rooms one connection may read
 * @param idle how long a room without readers is kept in memory
 * @param recentBytes how much the latest events of all rooms may take in memory
 * @param joining how many may join at a time
 * @param connections how many connections reads may take at a time; readers that are behind get
 *     half of them, pages of history a quarter
 * @param replayBytes how large a page for a reader that is behind may be: what its outbox takes,
 *     for the rest would be read again when that has drained
 */
public record Limits(
    int roomsPerConnection,
    Duration idle,
    long recentBytes,
    int joining,
    int connections,
    int replayBytes) {
  /** 100 rooms a connection; 30 seconds; 64 MiB; 256; 16; 256 KiB. */
  public static final Limits DEFAULTS =
      new Limits(100, Duration.ofSeconds(30), 64 * 1024 * 1024, 256, 16, 256 * 1024);

  int replays() {
    return Math.max(1, connections / 2);
  }

  int histories() {
    return Math.max(1, connections / 4);
  }
}
