package io.carillon.core.spi;

import java.time.Instant;

/**
 * Clock of the database, read afresh by one tiny round trip. Presence, expiry and retention follow
 * this clock, never an instance's own.
 */
@FunctionalInterface
public interface DatabaseClock {
  /**
   * Asks the database for its time; blocks for one round trip.
   *
   * @throws LogUnavailableException if the database does not answer
   */
  Instant now();
}
