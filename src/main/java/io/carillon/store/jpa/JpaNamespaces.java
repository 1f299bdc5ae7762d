package io.carillon.store.jpa;

import io.carillon.core.spi.NamespaceStore;
import io.carillon.core.spi.Namespaces;
import java.util.Map;

/**
 * In-memory settings of namespaces; {@link #refresh} follows the store every few seconds.
 * Thread-safe.
 */
public final class JpaNamespaces implements Namespaces {
  private final NamespaceStore store;
  private volatile Map<String, NamespaceOptions> known = Map.of();

  /** Knows only the defaults until the first refresh. */
  public JpaNamespaces(NamespaceStore store) {
    this.store = store;
  }

  @Override
  public NamespaceOptions of(String namespace) {
    return known.getOrDefault(namespace, NamespaceOptions.DEFAULTS);
  }

  /**
   * Reads all settings anew; blocks. On a failure what is known stays known.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if the store cannot be reached
   */
  public void refresh() {
    known = Map.copyOf(store.all());
  }
}
