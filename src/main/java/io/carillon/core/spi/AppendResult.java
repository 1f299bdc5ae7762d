package io.carillon.core.spi;

import io.carillon.core.Rejection;

/** Outcome of a publication. */
public sealed interface AppendResult {
  /**
   * The event is in the log, durably.
   *
   * @param epoch the epoch that gave the number
   * @param seq its number in the room
   * @param id its id
   * @param duplicate true: it had been published before under the same key, with this position
   */
  record Appended(String epoch, long seq, String id, boolean duplicate) implements AppendResult {}

  /**
   * The event is certainly not in the log, or ({@link io.carillon.core.ErrorCode#UNKNOWN}) the
   * outcome is unknown.
   *
   * @param rejection why
   */
  record NotAppended(Rejection rejection) implements AppendResult {}
}
