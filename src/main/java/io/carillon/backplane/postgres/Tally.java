package io.carillon.backplane.postgres;

import java.util.concurrent.atomic.LongAdder;

/** What is counted; every number but the last only grows. */
final class Tally {
  final LongAdder rings = new LongAdder();
  final LongAdder ringFailures = new LongAdder();
  final LongAdder listens = new LongAdder();
  final LongAdder malformed = new LongAdder();
  final LongAdder forged = new LongAdder();
  final LongAdder dropped = new LongAdder();
  volatile double queueUsage;

  PostgresBackplane.Counts counts() {
    return new PostgresBackplane.Counts(
        rings.sum(),
        ringFailures.sum(),
        listens.sum(),
        malformed.sum(),
        forged.sum(),
        dropped.sum(),
        queueUsage);
  }
}
