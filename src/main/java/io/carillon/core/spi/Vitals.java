package io.carillon.core.spi;

/**
 * What an instance cannot work without. Asked by health checks from any thread; answers from
 * memory, never blocks, never throws.
 */
public interface Vitals {
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

  /** Whether the log has its days ahead: at midnight (UTC) an event needs tomorrow's partition. */
  boolean partitions();

  /** Whether new connections are taken: false from the first moment of a drain. */
  boolean accepting();
}
