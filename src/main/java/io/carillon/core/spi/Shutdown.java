package io.carillon.core.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Graceful shutdown of this instance, on SIGTERM or by an operator's call. */
public interface Shutdown {
  /**
   * Begins the shutdown, at once and for good: not ready, no new connections, every client is told
   * to reconnect elsewhere after its requests were answered. Returns when that has begun. Only the
   * first call begins it; a later one returns the current state.
   *
   * @param within over what time clients come back; null: as the number of connections needs, at
   *     most the setting
   */
  ShutdownStatus begin(@Nullable Duration within);

  /**
   * Result of beginning a shutdown.
   *
   * @param instance this instance's name
   * @param connections number of open connections, all of which are told
   * @param within over what time clients come back
   */
  record ShutdownStatus(String instance, int connections, Duration within) {}
}
