package io.carillon.store.jpa;

import io.carillon.core.spi.AuditLog;
import io.carillon.core.spi.AuditTrail;
import io.carillon.core.spi.LogUnavailableException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Audit trail, written in transactions of its own, independent of the action's outcome. */
@ApplicationScoped
public class JpaAuditTrail implements AuditTrail, AuditLog {
  private static final String LATEST =
      "SELECT e FROM AuditEntry e WHERE e.id < :before AND (:actor = '' OR e.actor = :actor)"
          + " AND (:target = '' OR e.target = :target) ORDER BY e.id DESC";

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

  @Override
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public List<AuditRecord> latest(
      @Nullable String actor, @Nullable String subject, long before, int limit) {
    try {
      return Objects.requireNonNull(entities)
          .createQuery(LATEST, AuditEntry.class)
          .setParameter("before", before)
          .setParameter("actor", actor == null ? "" : actor)
          .setParameter("target", subject == null ? "" : subject)
          .setMaxResults(limit)
          .getResultStream()
          .map(AuditEntry::entry)
          .toList();
    } catch (PersistenceException e) {
      throw new LogUnavailableException("the audit trail cannot be read", e);
    }
  }
}
