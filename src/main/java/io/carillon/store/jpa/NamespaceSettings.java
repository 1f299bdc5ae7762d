package io.carillon.store.jpa;

import io.carillon.core.spi.Namespaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/** Stored settings of one namespace; null in a column means the default. */
@Entity
@Table(schema = "carillon", name = "namespace_settings")
public class NamespaceSettings {
  @Id
  @Column(name = "namespace")
  private String namespace = "";

  @Column(name = "data_limit")
  private @Nullable Integer dataLimit;

  @Column(name = "list_limit")
  private @Nullable Integer listLimit;

  @Column(name = "conflate")
  private @Nullable Boolean conflate;

  @Column(name = "updated_by")
  private String updatedBy = "";

  @Version
  @Column(name = "version")
  private long version;

  /** For the persistence provider. */
  protected NamespaceSettings() {}

  NamespaceSettings(String namespace) {
    this.namespace = namespace;
  }

  String namespace() {
    return namespace;
  }

  /** The settings with the defaults filled in. */
  Namespaces.NamespaceOptions settings() {
    Namespaces.NamespaceOptions defaults = Namespaces.NamespaceOptions.DEFAULTS;
    return new Namespaces.NamespaceOptions(
        listLimit == null ? defaults.membersListLimit() : listLimit,
        dataLimit == null ? defaults.dataLimit() : dataLimit,
        conflate == null ? defaults.conflate() : conflate);
  }

  void set(Namespaces.NamespaceOptions settings, String by) {
    listLimit = settings.membersListLimit();
    dataLimit = settings.dataLimit();
    conflate = settings.conflate();
    updatedBy = by;
  }
}
