package io.carillon.core.spi;

import java.time.Instant;

/**
 * The database's clock, read afresh by one tiny round trip. What decides about presence, expiry and
 * retention is this clock, never an instance's own.
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
