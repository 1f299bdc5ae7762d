package io.carillon.core.spi;

/**
 * Health of an instance, by the parts that it depends on. Asked by health checks from any thread;
 * answers from memory, never blocks, never throws.
 */
public interface Health {
  /** Whether starting is over: the schema is there and everything was wired. Never false again. */
  boolean started();

  /** Whether the database answered lately. */
  boolean database();

  /**
   * Whether other instances' commits are noticed in time: the backplane is connected, or the poll
   * that replaces it runs.
   */
  boolean listener();

  /** Whether other instances' commits are notified, not only found by the poll. */
  boolean listening();

  /** Whether events can be written: every writer has its connection and its last commit worked. */
  boolean writer();

  /** Whether tokens can be verified: the keys are there. */
  boolean keys();

  /** Whether this instance answers at its own port. */
  boolean reachable();

  /** Whether file descriptors are left for new connections. */
  boolean descriptors();

  /** Whether the log has its days ahead: at midnight (UTC) an event needs tomorrow's partition. */
  boolean partitions();

  /** Whether this instance takes new clients: false from the first moment of its drain. */
  boolean accepting();
}
