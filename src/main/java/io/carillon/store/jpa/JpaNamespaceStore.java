package io.carillon.store.jpa;

import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.NamespaceStore;
import io.carillon.core.spi.Namespaces;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of namespaces as entities. */
@ApplicationScoped
public class JpaNamespaceStore implements NamespaceStore {
  @PersistenceContext(unitName = "carillon")
  private @Nullable EntityManager entities;

  @Override
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public Map<String, Namespaces.NamespaceOptions> all() {
    try {
      Map<String, Namespaces.NamespaceOptions> all = new HashMap<>();
      manager()
          .createQuery("select n from NamespaceSettings n", NamespaceSettings.class)
          .setHint("jakarta.persistence.cache.retrieveMode", "BYPASS")
          .getResultList()
          .forEach(n -> all.put(n.namespace(), n.settings()));
      return all;
    } catch (PersistenceException e) {
      throw new LogUnavailableException("the settings of namespaces cannot be read", e);
    }
  }

  @Override
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public void save(String namespace, Namespaces.NamespaceOptions settings, String by) {
    EntityManager manager = manager();
    try {
      NamespaceSettings entity = manager.find(NamespaceSettings.class, namespace);
      if (entity == null) {
        entity = new NamespaceSettings(namespace);
        manager.persist(entity);
      }
      entity.set(settings, by);
      manager.flush();
    } catch (PersistenceException e) {
      throw new LogUnavailableException("the settings of namespaces cannot be written", e);
    }
  }

  private EntityManager manager() {
    return Objects.requireNonNull(entities);
  }
}
