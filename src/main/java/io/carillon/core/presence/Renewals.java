package io.carillon.core.presence;

import io.carillon.core.RoomName;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Throttle of lease renewals: a reader of a busy room polls many times a second, and each renewal
 * is a write. Thread-safe.
 */
final class Renewals {
  /** Least pauses between renewals within a lease. */
  private static final int PARTS = 15;

  private final ConcurrentHashMap<LeaseKey, Long> asked = new ConcurrentHashMap<>();
  private final long pause;

  private record LeaseKey(RoomName room, String user) {}

  /**
   * Creates an empty throttle.
   *
   * @param lease life of a lease; a renewal within a fifteenth of it after the last one is not due,
   *     so that a lease of 30 seconds outlives a poll of 25
   */
  Renewals(Duration lease) {
    this.pause = lease.dividedBy(PARTS).toNanos();
  }

  /** Whether a renewal is to be written now; if so, it counts as written. */
  boolean due(RoomName room, String user, long now) {
    LeaseKey key = new LeaseKey(room, user);
    Long before = asked.get(key);
    if (before != null && now - before < pause) {
      return false;
    }
    asked.put(key, now);
    return true;
  }

  /** Removes expired records. */
  void sweep(long now) {
    asked.values().removeIf(before -> now - before >= pause);
  }
}
