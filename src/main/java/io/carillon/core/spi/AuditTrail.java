package io.carillon.core.spi;

import org.jspecify.annotations.Nullable;

/** Audit trail of operators' actions. Blocks; throws {@link LogUnavailableException}. */
@FunctionalInterface
public interface AuditTrail {
  /**
   * Writes an entry durably before the action is done, so that nothing is done without one.
   *
   * @param actor the user that acts
   * @param action a word of ours: {@code kick}, {@code revoke}, {@code namespace.set}
   * @param subject the user or thing acted upon
   * @param detail more about it, or null; never a secret, never a payload
   */
  void record(String actor, String action, String subject, @Nullable String detail);
}
