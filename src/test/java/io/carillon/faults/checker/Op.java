package io.carillon.faults.checker;

import io.carillon.faults.history.Entry.Acked;
import io.carillon.faults.history.Entry.Committed;
import io.carillon.faults.history.Entry.Publish;
import io.carillon.faults.history.Entry.Refused;
import io.carillon.faults.history.Entry.Row;
import io.carillon.faults.history.Entry.Unknown;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One publish with all its attempts and outcomes. */
final class Op {
  static final long NEVER = Long.MAX_VALUE;

  /** The first attempt. */
  final Publish publish;

  final List<Acked> acks = new ArrayList<>(1);
  final List<Row> rows = new ArrayList<>(1);
  @Nullable Committed committed;
  @Nullable Refused refused;
  @Nullable Unknown unknown;

  /** When it was first known to be in the log: the first ack or delivery. */
  long known = NEVER;

  /** When its publisher learnt that it is safe: the first ack, or the commit of its transaction. */
  long safe = NEVER;

  /** When the last answer came, whatever it was. */
  long answered;

  /** Another text that was found to be equal; readers mostly see the same one. */
  private @Nullable String spelling;

  Op(Publish publish) {
    this.publish = publish;
  }

  boolean sql() {
    return publish.via().equals("sql");
  }

  /** Every attempt was refused, so it must not exist. */
  boolean onlyRefused() {
    return refused != null && unknown == null && committed == null && acks.isEmpty();
  }

  /** Whether this text is what was published; equal as jsonb is enough for SQL. */
  boolean published(String data) {
    if (publish.data().equals(data) || data.equals(spelling)) {
      return true;
    }
    boolean equal =
        JsonEquality.sameLine(publish.data(), data)
            || (sql() && JsonEquality.sameValue(publish.data(), data));
    if (equal) {
      spelling = data;
    }
    return equal;
  }
}
