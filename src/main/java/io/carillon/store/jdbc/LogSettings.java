package io.carillon.store.jdbc;

import java.time.Duration;

/**
 * Bounds of the log's writers.
 *
 * @param writers writers (and connections) of this instance, 1–4; a room always goes to the same
 * @param batchEvents most events of one commit
 * @param batchBytes most bytes of one commit (one larger event still goes alone)
 * @param queueEvents most events that wait for one writer; more are answered {@code overloaded}
 * @param queueBytes most bytes that wait for one writer
 * @param deadline from the call to the answer at the latest; also how long one call to the database
 *     may take before its connection is abandoned
 * @param lockTimeout how long a commit waits for a room that another instance writes
 * @param cachedRooms most room ids that are remembered
 */
public record LogSettings(
    int writers,
    int batchEvents,
    int batchBytes,
    int queueEvents,
    long queueBytes,
    Duration deadline,
    Duration lockTimeout,
    int cachedRooms) {
  /** Default bounds. */
  public static final LogSettings DEFAULTS =
      new LogSettings(
          2,
          256,
          256 * 1024,
          20_000,
          64L * 1024 * 1024,
          Duration.ofSeconds(5),
          Duration.ofMillis(250),
          200_000);

  /** Checks the ranges. */
  public LogSettings {
    if (writers < 1
        || writers > 4
        || batchEvents < 1
        || batchBytes < 1
        || queueEvents < 1
        || queueBytes < 1
        || deadline.toMillis() < 10
        || lockTimeout.toMillis() < 1
        || cachedRooms < 1) {
      throw new IllegalArgumentException("log settings out of range");
    }
  }

  /** The same with another number of writers. */
  public LogSettings withWriters(int count) {
    return new LogSettings(
        count,
        batchEvents,
        batchBytes,
        queueEvents,
        queueBytes,
        deadline,
        lockTimeout,
        cachedRooms);
  }

  /** The same with another deadline. */
  public LogSettings withDeadline(Duration limit) {
    return new LogSettings(
        writers, batchEvents, batchBytes, queueEvents, queueBytes, limit, lockTimeout, cachedRooms);
  }
}
