package io.carillon.core.spi;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reader of the audit trail. Blocks; throws {@link LogUnavailableException}. */
public interface AuditLog {
  /**
   * The latest entries, the last one first.
   *
   * @param actor who acted; null: anybody
   * @param subject whom or what it was done to; null: anything
   * @param before only entries of lower numbers
   * @param limit most entries, from 1
   */
  List<AuditRecord> latest(
      @Nullable String actor, @Nullable String subject, long before, int limit);

  /**
   * AuditRecord of the trail.
   *
   * @param id its number; later ones are higher
   * @param at when it was written
   * @param actor the user that acted
   * @param action a word as {@link AuditTrail#record} has it
   * @param subject the user or thing acted upon
   * @param detail more about it, or null
   */
  record AuditRecord(
      long id, Instant at, String actor, String action, String subject, @Nullable String detail) {}
}
