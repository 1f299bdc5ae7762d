package io.carillon.core.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Kicks of users with their moments, shared by all instances. Blocking; throws {@link
 * LogUnavailableException} when the store cannot be reached. Instances learn of a kick at once
 * through {@link Backplane.Control.Kick}, and through {@link #since} if they missed that.
 */
public interface Kicks {
  /**
   * A part of the store.
   *
   * @param at by user: connections opened before this moment are closed
   * @param asOf the store's time when it was read
   */
  record Latest(Map<String, Instant> at, Instant asOf) {
    /** Copies the map. */
    public Latest {
      at = Map.copyOf(at);
    }
  }

  /** Records a kick of a user's current connections; durable when it returns. */
  void kick(String user);

  /**
   * The kicks written after a moment of the store's time. A kick is visible some time after the
   * moment that it is written at, so ask with an overlap.
   */
  Latest since(Instant from);

  /** Removes kicks older than that, by the store's time. */
  void forget(Duration age);
}
