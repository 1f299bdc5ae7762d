package io.carillon.store.jpa;

import io.carillon.core.spi.AuditTrail;
import io.carillon.core.spi.LogUnavailableException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Audit trail in a transaction of its own, independent of the action's outcome. */
@ApplicationScoped
public class JpaAuditTrail implements AuditTrail {
  @PersistenceContext(unitName = "carillon")
  private @Nullable EntityManager entities;

  @Override
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public void record(String actor, String action, String subject, @Nullable String detail) {
    EntityManager manager = Objects.requireNonNull(entities);
    try {
      manager.persist(new AuditEntry(actor, action, subject, detail));
      manager.flush();
    } catch (PersistenceException e) {
      throw new LogUnavailableException("the audit trail cannot be written", e);
    }
  }
}
