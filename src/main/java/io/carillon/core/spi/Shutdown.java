package io.carillon.core.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Graceful shutdown of this instance, on SIGTERM or by an operator's call. */
public interface Shutdown {
  /**
   * Begins the shutdown, at once and for good: not ready, no new connections, every client is told
   * to reconnect elsewhere after its requests were answered. Returns when that has begun. Only the
   * first call does anything; a later one tells how it stands.
   *
   * @param within over what time clients come back; null: as the number of connections needs, at
   *     most the setting
   */
  Begun begin(@Nullable Duration within);

  /**
   * A departure that has begun.
   *
   * @param instance which instance goes
   * @param connections how many connections are open and are being told
   * @param within over what time clients come back
   */
  record Begun(String instance, int connections, Duration within) {}
}
