package io.carillon.core.presence;

import java.time.Duration;

/**
 * Timing of presence.
 *
 * @param grace how long a user whose connection broke stays a member
 * @param lease how long a lease lasts that nobody renews
 * @param tick the shortest time between two diffs of a room
 * @param patience how long a caller waits for its own write
 */
public record PresenceTiming(Duration grace, Duration lease, Duration tick, Duration patience) {
  /** 5 s, 30 s, 100 ms, 5 s. */
  public static final PresenceTiming DEFAULTS =
      new PresenceTiming(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMillis(100),
          Duration.ofSeconds(5));
}
