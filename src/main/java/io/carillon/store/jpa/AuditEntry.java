package io.carillon.store.jpa;

import io.carillon.core.spi.AuditLog;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Audit record of one action of an operator; rows are only ever added. The database says when. */
@Entity
@Table(schema = "carillon", name = "audit")
public class AuditEntry {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  @Column(name = "id")
  private @Nullable Long id;

  @Column(name = "at", insertable = false, updatable = false)
  private @Nullable Instant at;

  @Column(name = "actor")
  private String actor = "";

  @Column(name = "action")
  private String action = "";

  @Column(name = "target")
  private String target = "";

  @Column(name = "detail")
  private @Nullable String detail;

  /** For the persistence provider. */
  protected AuditEntry() {}

  AuditEntry(String actor, String action, String target, @Nullable String detail) {
    this.actor = actor;
    this.action = action;
    this.target = target;
    this.detail = detail;
  }

  /** The entry as readers get it. */
  AuditLog.AuditRecord entry() {
    return new AuditLog.AuditRecord(
        Objects.requireNonNull(id), Objects.requireNonNull(at), actor, action, target, detail);
  }

  /** Its number, or null before it was written. */
  public @Nullable Long id() {
    return id;
  }

  /** When it was written, or null before it was read back. */
  public @Nullable Instant at() {
    return at;
  }

  /** The user that acted. */
  public String actor() {
    return actor;
  }

  /** What was done. */
  public String action() {
    return action;
  }

  /** Whom or what it was done to. */
  public String target() {
    return target;
  }

  /** More about it. */
  public @Nullable String detail() {
    return detail;
  }
}
