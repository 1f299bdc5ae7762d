package io.carillon.core.spi;

import java.util.Map;

/** Store of the settings of namespaces. Blocks; throws {@link LogUnavailableException}. */
public interface NamespaceStore {
  /** All namespaces with settings of their own, the defaults filled in. */
  Map<String, Namespaces.NamespaceOptions> all();

  /**
   * Sets all settings of a namespace; instances follow within some seconds.
   *
   * @param by the user that does it
   */
  void save(String namespace, Namespaces.NamespaceOptions settings, String by);
}
