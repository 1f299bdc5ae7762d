package io.carillon.core.connection;

import java.time.Duration;

/** Inbound side of a connection on a two-way link. Thread-safe. */
@FunctionalInterface
public interface Inbound {
  /**
   * Works on what has come in so far, lets its publishes be answered, and then runs a task. Returns
   * at once.
   *
   * @param patience how long publishes may wait for their answers before the task runs all the same
   * @return false: nothing more is worked on; the task will not run
   */
  boolean settle(Duration patience, Runnable task);
}
