package io.carillon.core.spi;

/** Issuer of demo tokens; there is none outside demo mode. May block (database). */
public interface DemoTokens {
  /** Whether demo mode is on; if not, {@link #issue} must not be called. */
  boolean enabled();

  /**
   * Makes a token for one hour with every right on every room, except {@code admin} unless asked
   * for. Every instance over the same database accepts it.
   *
   * @param user for whom, 1–256 characters
   * @param admin whether with the right {@code admin}
   * @throws io.carillon.core.RefusedException if the name is not valid
   * @throws LogUnavailableException if the key cannot be read now
   */
  Issued issue(String user, boolean admin);
}
