package io.carillon.kit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock, monotonic and of the day, that goes on when told. Thread-safe. */
public final class ManualTime implements InstantSource {
  private static final Instant BEGIN = Instant.parse("2026-11-21T22:00:00Z");

  private final AtomicLong passed = new AtomicLong();

  /** Lets time pass. */
  public void pass(Duration time) {
    passed.addAndGet(time.toNanos());
  }

  /** Nanoseconds since some moment in the past. */
  public long nanos() {
    return passed.get();
  }

  @Override
  public Instant instant() {
    return BEGIN.plusNanos(passed.get());
  }
}
