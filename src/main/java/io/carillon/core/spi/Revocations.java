package io.carillon.core.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Revocations of credentials, shared by all instances and kept over restarts. Blocking; throws
 * {@link LogUnavailableException} when the store cannot be reached. Instances learn of a revocation
 * at once through {@link Backplane.Control.Kick}, and through {@link #since} if they missed that.
 */
public interface Revocations {
  /**
   * A part of the store.
   *
   * @param before by user: credentials made before this moment are refused
   * @param asOf the store's time when it was read
   */
  record RevocationChanges(Map<String, Instant> before, Instant asOf) {
    /** Copies the map. */
    public RevocationChanges {
      before = Map.copyOf(before);
    }
  }

  /**
   * Refuses a user's credentials that were made before this moment. Repeating is harmless; the
   * latest moment holds, an earlier one never takes it back.
   */
  void revoke(String user, Instant before);

  /**
   * The revocations written after a moment of the store's time. A revocation is visible some time
   * after the moment that it is written at, so ask with an overlap.
   *
   * @param from {@link Instant#EPOCH}: everything
   */
  RevocationChanges since(Instant from);

  /** Removes revocations older than that, by the store's time. */
  void forget(Duration age);
}
