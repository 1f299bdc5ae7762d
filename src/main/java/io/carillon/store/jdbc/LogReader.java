package io.carillon.store.jdbc;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogPage;
import io.carillon.core.spi.LogUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.postgresql.PGStatement;

/** Reads of the log over pooled connections; each is one statement, hence one snapshot. */
final class LogReader {
  private static final int PAGE_BYTES = 1024 * 1024;

  private static final String HEADS =
      """
      SELECT r.name, h.epoch, h.seq, h.floor_seq
      FROM unnest(?::text[]) AS n (name)
      JOIN carillon.room r ON r.name = n.name COLLATE "C"
      JOIN carillon.room_head h ON h.room_id = r.room_id
      WHERE h.seq > 0
      """;

  /**
   * For many rooms the plan has to be made for their number each time (two hash joins); a text of
   * its own, so that the driver never takes the prepared plan for few rooms.
   */
  private static final String MANY_HEADS = HEADS + "-- many";

  private static final int MANY = 200;

  /** The page with the events of its inner part; %s: comparison, direction. */
  private static final String PAGE =
      """
      SELECT h.epoch, h.seq, h.floor_seq,
        e.epoch, e.seq, e.id, e.name, e.data, e.meta, e.producer, e.created, e.origin
      FROM carillon.room r
      JOIN carillon.room_head h ON h.room_id = r.room_id
      LEFT JOIN LATERAL (
        SELECT * FROM (
          SELECT p.*, sum(p.bytes) OVER (ORDER BY p.seq %2$s) AS total,
            row_number() OVER (ORDER BY p.seq %2$s) AS position
          FROM (
            SELECT x.*, octet_length(x.data) + coalesce(octet_length(x.meta), 0) + 256 AS bytes
            FROM carillon.event x
            WHERE x.room_id = h.room_id AND x.seq %1$s ? AND x.seq > h.floor_seq
            ORDER BY x.seq %2$s LIMIT ?) p) q
        WHERE q.total <= ? OR q.position = 1) e ON true
      WHERE r.name = ?
      ORDER BY e.seq
      """;

  private static final String AFTER = String.format(PAGE, ">", "ASC");
  private static final String BEFORE = String.format(PAGE, "<", "DESC");

  private static final String FORK =
      """
      WITH RECURSIVE way AS (
        SELECT e.room_id, e.fork_seq, e.next_epoch, 1 AS step
        FROM carillon.room r JOIN carillon.room_epoch e ON e.room_id = r.room_id
        WHERE r.name = ? AND e.epoch = ?
        UNION ALL
        SELECT e.room_id, e.fork_seq, e.next_epoch, w.step + 1
        FROM way w
        JOIN carillon.room_epoch e ON e.room_id = w.room_id AND e.epoch = w.next_epoch
        WHERE w.step < 1000)
      SELECT min(fork_seq) FROM way
      """;

  private static final String ROOMS =
      """
      SELECT name FROM carillon.room
      WHERE name > ? AND name >= ? AND name < ?
      ORDER BY name LIMIT ?
      """;

  private final DataSource source;

  LogReader(DataSource source) {
    this.source = source;
  }

  /** Something to do with a connection. */
  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private <T> T read(Work<T> work) {
    try (Connection connection = source.getConnection()) {
      return work.with(connection);
    } catch (SQLException failed) {
      throw new LogUnavailableException("the log cannot be read", failed);
    }
  }

  Map<RoomName, Head> heads(Collection<RoomName> rooms) {
    if (rooms.isEmpty()) {
      return Map.of();
    }
    Map<String, RoomName> asked = HashMap.newHashMap(rooms.size());
    rooms.forEach(room -> asked.put(room.value(), room));
    return read(
        connection -> {
          boolean many = asked.size() >= MANY;
          try (PreparedStatement statement =
              connection.prepareStatement(many ? MANY_HEADS : HEADS)) {
            if (many && statement.isWrapperFor(PGStatement.class)) {
              statement.unwrap(PGStatement.class).setPrepareThreshold(0);
            }
            statement.setObject(1, asked.keySet().toArray(String[]::new));
            try (ResultSet rows = statement.executeQuery()) {
              Map<RoomName, Head> heads = HashMap.newHashMap(rooms.size());
              while (rows.next()) {
                RoomName room = asked.get(rows.getString(1));
                if (room != null) {
                  heads.put(room, head(rows, 2));
                }
              }
              return heads;
            }
          }
        });
  }

  LogPage after(RoomName room, long after, int limit) {
    return page(AFTER, room, after, limit);
  }

  LogPage before(RoomName room, long before, int limit) {
    return page(BEFORE, room, before, limit);
  }

  private LogPage page(String sql, RoomName room, long bound, int limit) {
    return read(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, bound);
            statement.setInt(2, Math.max(0, limit));
            statement.setInt(3, PAGE_BYTES);
            statement.setString(4, room.value());
            try (ResultSet rows = statement.executeQuery()) {
              return page(room, rows);
            }
          }
        });
  }

  private static LogPage page(RoomName room, ResultSet rows) throws SQLException {
    Head head = Head.EMPTY;
    List<Event> events = new ArrayList<>();
    while (rows.next()) {
      if (head.seq() == 0 && rows.getLong(2) > 0) {
        head = head(rows, 1);
      }
      long seq = rows.getLong(5);
      if (rows.wasNull()) {
        continue; // the room exists, but nothing of it was asked for
      }
      if (!events.isEmpty() && events.getLast().seq() + 1 != seq) {
        events.clear(); // a day was emptied under us: only what follows is whole
      }
      events.add(event(room, seq, rows));
    }
    return new LogPage(head, events);
  }

  private static Event event(RoomName room, long seq, ResultSet rows) throws SQLException {
    return new Event(
        room,
        rows.getString(4),
        seq,
        rows.getString(6),
        rows.getString(7),
        rows.getString(8),
        rows.getString(9),
        rows.getString(10),
        rows.getObject(11, OffsetDateTime.class).toInstant(),
        rows.getString(12));
  }

  private static Head head(ResultSet rows, int column) throws SQLException {
    return new Head(rows.getString(column), rows.getLong(column + 1), rows.getLong(column + 2));
  }

  OptionalLong fork(RoomName room, String epoch) {
    return read(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(FORK)) {
            statement.setString(1, room.value());
            statement.setString(2, epoch);
            try (ResultSet row = statement.executeQuery()) {
              row.next();
              long seq = row.getLong(1);
              return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(seq);
            }
          }
        });
  }

  List<RoomName> rooms(String prefix, String from, int limit) {
    return read(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(ROOMS)) {
            statement.setString(1, from);
            statement.setString(2, prefix);
            statement.setString(3, prefix + '\u007f'); // above every character of a name
            statement.setInt(4, Math.max(0, limit));
            try (ResultSet rows = statement.executeQuery()) {
              List<RoomName> names = new ArrayList<>();
              while (rows.next()) {
                names.add(new RoomName(rows.getString(1)));
              }
              return names;
            }
          }
        });
  }
}
