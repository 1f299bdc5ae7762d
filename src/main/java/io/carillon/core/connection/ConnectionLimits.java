package io.carillon.core.connection;

/**
 * The bounds of connections.
 *
 * @param connections how many may be open on this instance
 * @param queueBytes how many bytes may wait for one client before it is served from the log
 * @param batchBytes how many bytes go into one write
 */
public record ConnectionLimits(int connections, int queueBytes, int batchBytes) {
  /**
   * 100,000 connections, 256 KiB of send queue, 15 KiB a write. With what joins its frames such a
   * write fits into half of a socket's credit, so it goes out in one part.
   */
  public static final ConnectionLimits DEFAULTS =
      new ConnectionLimits(100_000, 256 * 1024, 15 * 1024);
}
