package io.carillon.core.spi;

/** Secrets shared by all instances over one database and by no other party. */
@FunctionalInterface
public interface ClusterSecrets {
  /**
   * The secret of this name. The first caller decides it: if there is none yet, {@code candidate}
   * is kept; every caller gets the kept one. Blocks; throws {@link LogUnavailableException}.
   *
   * @param name 1–64 characters
   * @param candidate a fresh random value, at most 256 characters
   */
  String keepFirst(String name, String candidate);
}
