package io.carillon.core.spi;

import java.time.Instant;
import java.util.Map;

/**
 * Which credentials are no longer good, shared by all instances and kept over restarts. Blocking;
 * throws {@link LogUnavailableException} when the store cannot be reached. Who must know at once
 * hears it through {@link Backplane.Control.Kick}; who missed that reads {@link #all()}.
 */
public interface Revocations {
  /**
   * Refuses a user's credentials that were made before this moment. Repeating is harmless; the
   * latest moment holds, an earlier one never takes it back.
   */
  void revoke(String user, Instant before);

  /** For every user with a revocation: credentials made before this moment are refused. */
  Map<String, Instant> all();
}
