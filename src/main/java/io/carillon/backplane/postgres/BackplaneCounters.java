package io.carillon.backplane.postgres;

import java.util.concurrent.atomic.LongAdder;

/** Counters of the backplane, which only grow, and its latest state. */
final class BackplaneCounters {
  final LongAdder rings = new LongAdder();
  final LongAdder ringFailures = new LongAdder();
  final LongAdder listens = new LongAdder();
  final LongAdder malformed = new LongAdder();
  final LongAdder forged = new LongAdder();
  final LongAdder dropped = new LongAdder();
  volatile double queueUsage;

  /** Whether the last attempt to notify failed. */
  volatile boolean silent;

  /** Whether notifications fail now, ours and therefore probably everybody's. */
  boolean silent() {
    return silent || full();
  }

  boolean full() {
    return queueUsage >= 1;
  }

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
