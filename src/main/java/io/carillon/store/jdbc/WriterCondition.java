package io.carillon.store.jdbc;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Health of a writer, judged by its last connection, its last batch and probes; an operator's
 * readiness depends on it. An idle writer does not reconnect by itself, so a probe retries after a
 * failure; its result outweighs that of a batch only after some quiet.
 */
final class WriterCondition {
  /** How long a failed batch outweighs a probe that worked. */
  static final Duration DOUBT = Duration.ofSeconds(10);

  private final LongSupplier nanos;

  private volatile boolean works;
  private volatile long failedAt;

  /** Nothing is known yet: a writer works from its first connection on. */
  WriterCondition(LongSupplier nanos) {
    this.nanos = nanos;
    this.failedAt = nanos.getAsLong() - DOUBT.toNanos();
  }

  /** Whether the last batch, or after it a probe, was written; cheap, for any thread. */
  boolean works() {
    return works;
  }

  /** A connection was opened; it tells nothing about batches that failed on the one before. */
  void connected() {
    probed(true);
  }

  /** A batch was written. */
  void wrote() {
    works = true;
  }

  /** Records a refused connection, or a batch that failed or has an unknown outcome. */
  void failed() {
    failedAt = nanos.getAsLong();
    works = false;
  }

  /** A probe did, or did not, do what a batch does. */
  void probed(boolean well) {
    if (!well) {
      works = false;
    } else if (nanos.getAsLong() - failedAt >= DOUBT.toNanos()) {
      works = true;
    }
  }
}
