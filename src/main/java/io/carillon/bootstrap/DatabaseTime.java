package io.carillon.bootstrap;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * Database time, as near as this instance knows it: its own clock and the offset that is measured
 * with each ping. What expires does so by this clock, so that a wrong clock of an instance changes
 * nothing.
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
