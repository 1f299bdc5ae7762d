package io.carillon.architecture.planted.core.connection;

import java.time.Clock;
import java.time.Instant;

/** Planted: a class that keeps every rule. */
record Innocent(Clock clock) {
  Instant now() {
    return Instant.now(clock);
  }
}
