package io.carillon.core.room;

import io.carillon.core.Cursor;
import io.carillon.core.Head;
import io.carillon.core.Resync;
import java.util.OptionalLong;
import java.util.function.Function;

/** Resume decision: whether a reader can continue from a cursor, given a head. Pure. */
sealed interface ResumeDecision {
  /** It can: the events after {@code seq} follow. */
  record From(long seq) implements ResumeDecision {}

  /** It cannot, and must be told so. */
  record NeedsResync(Resync.Reason reason) implements ResumeDecision {}

  /**
   * Judges a cursor.
   *
   * @param cursor where the reader is
   * @param head the room's head; read afresh, if the answer may be {@link NeedsResync}
   * @param fork the fork point of an older epoch; asked only for a cursor of another epoch
   */
  static ResumeDecision judge(Cursor cursor, Head head, Function<String, OptionalLong> fork) {
    if (cursor.seq() == 0 && (cursor.anyEpoch() || head.seq() == 0)) {
      return retained(0, head);
    }
    if (cursor.epoch().equals(head.epoch())) {
      return cursor.seq() > head.seq()
          ? new NeedsResync(Resync.Reason.AHEAD)
          : retained(cursor.seq(), head);
    }
    OptionalLong end = fork.apply(cursor.epoch());
    if (end.isEmpty() || cursor.seq() > end.getAsLong()) {
      return new NeedsResync(Resync.Reason.EPOCH);
    }
    return retained(cursor.seq(), head);
  }

  private static ResumeDecision retained(long seq, Head head) {
    return seq < head.floor() ? new NeedsResync(Resync.Reason.EXPIRED) : new From(seq);
  }
}
