package io.carillon.core.spi;

/**
 * What an instance cannot work without. Asked by health checks from any thread; answers from
 * memory, never blocks, never throws.
 */
public interface Health {
  /** Whether starting is over: the schema is there and everything was wired. Never false again. */
  boolean started();

  /** Whether the database answered lately. */
  boolean database();

  /**
   * Whether what other instances commit is heard of in time: the backplane is connected, or the
   * poll that stands in for it runs.
   */
  boolean listener();

  /** Whether what others commit is told by notification, not only found by the poll. */
  boolean listening();

  /** Whether events can be written: every writer has its connection and its last commit worked. */
  boolean writer();

  /** Whether somebody's token can be verified: the keys are there. */
  boolean keys();

  /** Whether it is this instance that answers at its own port. */
  boolean reachable();

  /** Whether there are file descriptors left for those who come. */
  boolean descriptors();

  /** Whether the log has its days ahead: at midnight (UTC) an event needs tomorrow's partition. */
  boolean partitions();

  /** Whether this instance is to be sent anybody: false from the first moment of its going away. */
  boolean accepting();
}
