package io.carillon.core.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Which credentials are no longer good, shared by all instances and kept over restarts. Blocking;
 * throws {@link LogUnavailableException} when the store cannot be reached. Who must know at once
 * hears it through {@link Backplane.Control.Kick}; who missed that reads {@link #since}.
 */
public interface Revocations {
  /**
   * A part of the store.
   *
   * @param before for each user in it: credentials made before this moment are refused
   * @param asOf the store's time when it was read
   */
  record Changes(Map<String, Instant> before, Instant asOf) {
    /** Copies the map. */
    public Changes {
      before = Map.copyOf(before);
    }
  }

  /**
   * Refuses a user's credentials that were made before this moment. Repeating is harmless; the
   * latest moment holds, an earlier one never takes it back.
   */
  void revoke(String user, Instant before);

  /**
   * What was written after a moment of the store's time. A revocation is visible some time after
   * the moment that it is written at, so ask with an overlap.
   *
   * @param from {@link Instant#EPOCH}: everything
   */
  Changes since(Instant from);

  /** Removes what was written longer ago than that, by the store's time. */
  void forget(Duration age);
}
