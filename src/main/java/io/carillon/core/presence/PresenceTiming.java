package io.carillon.core.presence;

import java.time.Duration;

/**
 * Timing of presence.
 *
 * @param grace time for which a user with a broken connection stays a member
 * @param lease life of a lease without renewal
 * @param tick the shortest time between two diffs of a room
 * @param patience longest wait of a caller for its own write
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
