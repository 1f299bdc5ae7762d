package io.carillon.core.spi;

import org.jspecify.annotations.Nullable;

/** Failure to reach the log or another store now. Answered as {@code storage}. */
public final class LogUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Wraps the driver's failure, for the log file; never for a peer. */
  public LogUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
