package io.carillon.store.jdbc;

import io.carillon.core.Cursor;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Positions of moments in a room's log, which has no index by time: the seqs of the days around the
 * moment are halved until they meet, by the primary key, in one statement. A million events of a
 * day are twenty looks. Only a room that was silent then is searched for its next day.
 *
 * <p>For any thread.
 */
final class LogMoments {
  /**
   * The first event of some days that is not before a moment, or the seq after their last one: low
   * and high enclose it, and in the end are it. Missing events were removed, so they lie before.
   */
  static final String AT =
      """
      WITH RECURSIVE head AS (
        SELECT h.* FROM carillon.heads(ARRAY[?]) h WHERE h.seq > 0),
      search AS (
        SELECT f.seq AS low,
          CASE WHEN f.created >= ? THEN f.seq ELSE 1 + (
            SELECT x.seq FROM carillon.event x
            WHERE x.room_id = h.room_id AND x.day BETWEEN ? AND ?
            ORDER BY x.seq DESC LIMIT 1) END AS high
        FROM head h CROSS JOIN LATERAL (
          SELECT x.seq, x.created FROM carillon.event x
          WHERE x.room_id = h.room_id AND x.seq > h.floor_seq AND x.day BETWEEN ? AND ?
          ORDER BY x.seq LIMIT 1) f
        UNION ALL
        SELECT CASE WHEN e.created >= ? THEN s.low ELSE (s.low + s.high) / 2 + 1 END,
          CASE WHEN e.created >= ? THEN (s.low + s.high) / 2 ELSE s.high END
        FROM search s CROSS JOIN head h LEFT JOIN LATERAL (
          SELECT x.created FROM carillon.event x
          WHERE x.room_id = h.room_id AND x.seq = (s.low + s.high) / 2 AND x.day BETWEEN ? AND ?
          LIMIT 1) e ON true
        WHERE s.low < s.high)
      SELECT h.epoch, h.seq, h.floor_seq, h.day, (SELECT max(s.low) FROM search s WHERE s.low = s.high)
      FROM head h
      """;

  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-30T00:00:00Z");

  private LogMoments() {}

  /**
   * Result of the search in some days.
   *
   * @param head of the same snapshot
   * @param last the day of the room's last event; null: it has none
   * @param seq of the first event that is not before the moment, or after all of these days; 0: no
   *     event on these days
   */
  private record SearchResult(Head head, @Nullable LocalDate last, long seq) {}

  /** As {@link io.carillon.core.spi.LogReads#at}. */
  static Cursor at(Connection connection, RoomName room, Instant instant) throws SQLException {
    Instant moment = rounded(instant);
    LocalDate day = LocalDate.ofInstant(moment, ZoneOffset.UTC);
    Head head = Head.EMPTY;
    for (Days days : List.of(Days.around(day), Days.from(day), Days.since(day))) {
      SearchResult found = find(connection, room, moment, days);
      head = found.head;
      if (found.seq > 0) {
        return new Cursor(head.epoch(), Math.max(head.floor(), found.seq - 1));
      }
      if (found.last == null || found.last.isBefore(days.first())) {
        break;
      }
    }
    return head.cursor();
  }

  /** Up to the next microsecond: the column has no more, and would be given the nearest. */
  private static Instant rounded(Instant instant) {
    if (instant.isBefore(EARLIEST)) {
      return EARLIEST;
    }
    return instant.isAfter(LATEST) ? LATEST : instant.plusNanos(999).truncatedTo(ChronoUnit.MICROS);
  }

  private static SearchResult find(Connection connection, RoomName room, Instant moment, Days days)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(AT)) {
      bind(statement, room, moment, days);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new SearchResult(
                LogHeads.head(row, 1), row.getObject(4, LocalDate.class), row.getLong(5))
            : new SearchResult(Head.EMPTY, null, 0);
      }
    }
  }

  static void bind(PreparedStatement statement, RoomName room, Instant moment, Days days)
      throws SQLException {
    OffsetDateTime at = moment.atOffset(ZoneOffset.UTC);
    statement.setString(1, room.value());
    for (int i : new int[] {2, 7, 8}) {
      statement.setObject(i, at);
    }
    for (int i : new int[] {3, 5, 9}) {
      statement.setObject(i, days.first());
      statement.setObject(i + 1, days.last());
    }
  }
}
