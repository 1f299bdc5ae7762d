package io.carillon.store.jdbc;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogPage;
import io.carillon.core.spi.LogReads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reader of pages of a room's events, from the few days that hold them. Each page is one statement,
 * hence one snapshot; that the days were the right ones is seen from the page itself, for a room's
 * log has no holes. If they were not, the day is searched, and at last all days are read.
 *
 * <p>For any thread.
 */
final class LogPages {
  /**
   * The page with the events of its inner part, from some days only: a plan for all days that there
   * are costs more than the page. %s: comparison, direction. found: how many there were of these
   * days before the page was cut to its size.
   */
  private static final String PAGE =
      """
      SELECT h.epoch, h.seq, h.floor_seq,
        e.epoch, e.seq, e.id, e.name, e.data, e.meta, e.producer, e.created, e.origin,
        e.day, e.found, h.day, e.encoding
      FROM carillon.heads(ARRAY[?]) h
      LEFT JOIN LATERAL (
        SELECT * FROM (
          SELECT p.*, count(*) OVER () AS found, sum(p.bytes) OVER (ORDER BY p.seq %2$s) AS total,
            row_number() OVER (ORDER BY p.seq %2$s) AS position
          FROM (
            SELECT x.*, octet_length(x.data) + coalesce(octet_length(x.meta), 0) + 256 AS bytes
            FROM carillon.event x
            WHERE x.room_id = h.room_id AND x.seq %1$s ? AND x.seq > h.floor_seq
              AND x.day BETWEEN ? AND ?
            ORDER BY x.seq %2$s LIMIT ?) p) q
        WHERE q.total <= ? OR q.position = 1) e ON true
      ORDER BY e.seq
      """;

  static final String AFTER = PAGE.formatted(">", "ASC");
  private static final String BEFORE = PAGE.formatted("<", "DESC");
  private static final String DAY = "SELECT carillon.day_of(?, ?)";

  private final PageEnds ends = new PageEnds();

  /** Not before yesterday: the latest day that was seen, or asked for when it misled. */
  private volatile @Nullable LocalDate today;

  /** From where the last page of this room ended, else from the latest days, else by a search. */
  LogPage after(Connection connection, RoomName room, long after, Most most) throws SQLException {
    LocalDate known = ends.day(room, after);
    Days days = known == null ? latest(connection) : Days.from(known);
    Page page = page(connection, true, room, after, most, days);
    if (!page.beginsAfter(after)) {
      LocalDate day = day(connection, room, Math.max(after, page.head().floor()) + 1);
      if (day != null) {
        page = page(connection, true, room, after, most, Days.from(day));
      }
      if (!page.beginsAfter(after)) { // a day was emptied meanwhile, or a fork moved the events
        page = page(connection, true, room, after, most, Days.ALL);
      }
    }
    if (page.last() != null) {
      ends.put(room, page.events().getLast().seq(), page.last());
    }
    return page.whole();
  }

  /** From the latest days, or those before the bound, backwards until the page is full. */
  LogPage before(Connection connection, RoomName room, long before, int limit) throws SQLException {
    Most most = new Most(limit, LogReads.PAGE_BYTES);
    Days days = latest(connection);
    Page page = page(connection, false, room, before, most, days);
    if (!page.endsBefore(before)) {
      LocalDate day = day(connection, room, Math.min(before - 1, page.head().seq()));
      days = day == null ? Days.ALL : Days.until(day);
      page = page(connection, false, room, before, most, days);
    }
    if (!page.reaches(before, limit)) {
      page = page(connection, false, room, before, most, days.month());
    }
    if (!page.reaches(before, limit)) {
      page = page(connection, false, room, before, most, days.history());
    }
    return page.whole();
  }

  private Days latest(Connection connection) throws SQLException {
    LocalDate day = today;
    return Days.latest(day == null ? askToday(connection) : day);
  }

  private LocalDate askToday(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT carillon.today()");
        ResultSet row = statement.executeQuery()) {
      row.next();
      LocalDate day = row.getObject(1, LocalDate.class);
      today = day;
      return day;
    }
  }

  /** The day of this seq; to be asked where the latest days were not those that were needed. */
  private @Nullable LocalDate day(Connection connection, RoomName room, long seq)
      throws SQLException {
    askToday(connection);
    try (PreparedStatement statement = connection.prepareStatement(DAY)) {
      statement.setString(1, room.value());
      statement.setLong(2, seq);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getObject(1, LocalDate.class);
      }
    }
  }

  private Page page(
      Connection connection, boolean after, RoomName room, long bound, Most most, Days days)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(after ? AFTER : BEFORE)) {
      statement.setString(1, room.value());
      statement.setLong(2, bound);
      statement.setObject(3, days.first());
      statement.setObject(4, days.last());
      statement.setInt(5, most.events());
      statement.setInt(6, most.bytes());
      try (ResultSet rows = statement.executeQuery()) {
        return page(room, rows);
      }
    }
  }

  private Page page(RoomName room, ResultSet rows) throws SQLException {
    Head head = Head.EMPTY;
    List<Event> events = new ArrayList<>();
    LocalDate last = null;
    long found = 0;
    while (rows.next()) {
      if (head.seq() == 0 && rows.getLong(2) > 0) {
        head = LogHeads.head(rows, 1);
        seen(rows.getObject(15, LocalDate.class));
      }
      long seq = rows.getLong(5);
      if (rows.wasNull()) {
        continue; // the room exists, but nothing of it was asked for
      }
      if (!events.isEmpty() && events.getLast().seq() + 1 != seq) {
        events.clear(); // a day was emptied under us: only what follows is whole
      }
      events.add(event(room, seq, rows));
      last = rows.getObject(13, LocalDate.class);
      found = rows.getLong(14);
    }
    return new Page(head, events, last, found);
  }

  private void seen(LocalDate day) {
    LocalDate known = today;
    if (known != null && day.isAfter(known)) {
      today = day;
    }
  }

  private static Event event(RoomName room, long seq, ResultSet rows) throws SQLException {
    return new Event(
        room,
        rows.getString(4),
        seq,
        rows.getString(6),
        rows.getString(7),
        Encoding.read(rows.getString(8), rows.getShort(16)),
        rows.getString(9),
        rows.getString(10),
        rows.getObject(11, OffsetDateTime.class).toInstant(),
        rows.getString(12));
  }
}
