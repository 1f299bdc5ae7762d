package io.carillon.backplane.postgres;

import java.time.Duration;

/**
 * Timing of the backplane.
 *
 * @param ring the shortest time between two notifying transactions of this instance
 * @param probe how often an idle connection is tried
 * @param socket how long an answer of the database may take before the connection is given up;
 *     together with {@code probe} it bounds how long a dead link goes unnoticed
 * @param test how long this instance's own nonce may take to come back after LISTEN
 * @param retry the longest pause between two attempts to connect
 */
public record BackplaneTiming(
    Duration ring, Duration probe, Duration socket, Duration test, Duration retry) {
  /** Upper bound of the first pause between two attempts to connect. */
  static final Duration FIRST_RETRY = Duration.ofMillis(50);

  /** 5 ms, 5 s, 8 s, 2 s, 1 s: a dead link is noticed within 13 s. */
  public static final BackplaneTiming DEFAULTS =
      new BackplaneTiming(
          Duration.ofMillis(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(8),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1));
}
