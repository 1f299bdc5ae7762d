package io.carillon.store.jpa;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestAppStore;
import io.carillon.core.spi.LogUnavailableException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Applications of guests as entities. */
@ApplicationScoped
public class JpaGuestAppStore implements GuestAppStore {
  @PersistenceContext(unitName = "carillon")
  private @Nullable EntityManager entities;

  @Override
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public Map<String, GuestApp> all() {
    try {
      Map<String, GuestApp> all = new HashMap<>();
      manager()
          .createQuery("select a from GuestAppEntry a", GuestAppEntry.class)
          .setHint("jakarta.persistence.cache.retrieveMode", "BYPASS")
          .getResultList()
          .forEach(
              entry -> {
                GuestApp app = entry.app();
                all.put(app.id(), app);
              });
      return all;
    } catch (PersistenceException e) {
      throw new LogUnavailableException("the applications of guests cannot be read", e);
    }
  }

  @Override
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public void save(GuestApp app, String by) {
    EntityManager manager = manager();
    try {
      boolean taken =
          !manager
              .createQuery(
                  "select a from GuestAppEntry a where a.appKey = :key and a.id <> :id",
                  GuestAppEntry.class)
              .setParameter("key", app.key())
              .setParameter("id", app.id())
              .getResultList()
              .isEmpty();
      if (taken) {
        throw new RefusedException(ErrorCode.BAD_DATA);
      }
      GuestAppEntry entry = manager.find(GuestAppEntry.class, app.id());
      if (entry == null) {
        entry = new GuestAppEntry(app.id());
        entry.set(app, by);
        manager.persist(entry);
      } else {
        entry.set(app, by);
      }
      manager.flush();
    } catch (PersistenceException e) {
      throw new LogUnavailableException("an application of guests cannot be written", e);
    }
  }

  @Override
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public void remove(String id) {
    EntityManager manager = manager();
    try {
      GuestAppEntry entry = manager.find(GuestAppEntry.class, id);
      if (entry != null) {
        manager.remove(entry);
        manager.flush();
      }
    } catch (PersistenceException e) {
      throw new LogUnavailableException("an application of guests cannot be removed", e);
    }
  }

  private EntityManager manager() {
    return Objects.requireNonNull(entities);
  }
}
