package io.carillon.bootstrap;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * Clock of the database as estimated by this instance: its own clock plus the offset measured with
 * each ping. Expiry uses this clock, so that a wrong clock of an instance does no harm.
 */
final class DatabaseTime extends Clock {
  private final Clock own;
  private final LongSupplier offsetMicros;

  DatabaseTime(Clock own, LongSupplier offsetMicros) {
    this.own = own;
    this.offsetMicros = offsetMicros;
  }

  @Override
  public Instant instant() {
    return own.instant().plus(offsetMicros.getAsLong(), ChronoUnit.MICROS);
  }

  @Override
  public long millis() {
    return own.millis() + offsetMicros.getAsLong() / 1000;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
