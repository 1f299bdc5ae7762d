package io.carillon.core.spi;

/** Secrets that all instances over one database share and nobody else knows. */
@FunctionalInterface
public interface ClusterSecrets {
  /**
   * The secret of this name. The first that asks decides it: if there is none yet, {@code
   * candidate} is kept; everyone gets what was kept. Blocks; throws {@link
   * LogUnavailableException}.
   *
   * @param name 1–64 characters
   * @param candidate a fresh random value, at most 256 characters
   */
  String keepFirst(String name, String candidate);
}
