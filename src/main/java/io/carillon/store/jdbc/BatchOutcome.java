package io.carillon.store.jdbc;

import io.carillon.core.Event;
import io.carillon.core.Publication;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Outcome of each event of a batch, by position. */
final class BatchOutcome {
  /** What became of one event, in the numbering of {@code carillon.append_at}. */
  enum Fate {
    /** In the log, now. */
    STORED,
    /** In the log since an earlier publish with the same key. */
    DUPLICATE,
    /** Nothing was done: the room is locked by somebody else. */
    BUSY,
    /** Nothing was done: there is no room of this number. */
    NO_ROOM
  }

  private static final Fate[] FATES = Fate.values();

  private final Fate[] fates;
  private final long[] seqs;
  private final String[] epochs;
  private final Instant[] times;
  private final @Nullable String[] places;
  private @Nullable String doubt;

  private BatchOutcome(int size) {
    fates = new Fate[size];
    seqs = new long[size];
    epochs = new String[size];
    times = new Instant[size];
    places = new @Nullable String[size];
  }

  /**
   * Reads the rows {@code ord, outcome, seq, epoch, created, place}, of which there is one an
   * event.
   */
  static BatchOutcome read(ResultSet rows, int size) throws SQLException {
    BatchOutcome outcome = new BatchOutcome(size);
    int answered = 0;
    while (rows.next()) {
      int i = rows.getInt(1) - 1;
      outcome.fates[i] = fate(rows);
      outcome.seqs[i] = rows.getLong(3);
      outcome.epochs[i] = rows.getString(4);
      outcome.times[i] = rows.getObject(5, OffsetDateTime.class).toInstant();
      outcome.places[i] = rows.getString(6);
      answered++;
    }
    if (answered != size) {
      throw new SQLException("append answered " + answered + " of " + size, "XX000");
    }
    return outcome;
  }

  /** The fate in the second column. */
  static Fate fate(ResultSet row) throws SQLException {
    return FATES[row.getInt(2)];
  }

  Fate fate(int i) {
    return fates[i];
  }

  long seq(int i) {
    return seqs[i];
  }

  String epoch(int i) {
    return epochs[i];
  }

  /** Where the row of the room's head is now, if the database says it. */
  @Nullable String place(int i) {
    return places[i];
  }

  /** The warning that came with the commit and puts it in doubt; null: the commit is certain. */
  @Nullable String doubt() {
    return doubt;
  }

  /** Records the warning that came with the commit, if any. */
  void doubt(@Nullable String warning) {
    doubt = warning;
  }

  /** The event that a publication became. */
  Event event(Publication publication, int i) {
    return new Event(
        publication.room(),
        epochs[i],
        seqs[i],
        publication.id(),
        publication.name().value(),
        publication.content(),
        publication.meta(),
        publication.by(),
        times[i],
        publication.origin());
  }
}
