package io.carillon.store.jdbc;

import io.carillon.core.Cursor;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogPage;
import io.carillon.core.spi.LogReads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** Reader of the log over pooled connections; each read is one statement, hence one snapshot. */
final class LogReader implements LogReads {
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

  private final JdbcTemplate template;
  private final LogPages pages = new LogPages();

  LogReader(DataSource source) {
    this.template = new JdbcTemplate(source, "the log");
  }

  @Override
  public Map<RoomName, Head> heads(Collection<RoomName> rooms) {
    if (rooms.isEmpty()) {
      return Map.of();
    }
    return template.with(connection -> LogHeads.read(connection, rooms));
  }

  @Override
  public LogPage after(RoomName room, long after, int limit, int bytes) {
    return template.with(
        connection -> pages.after(connection, room, after, new Most(limit, bytes)));
  }

  @Override
  public LogPage before(RoomName room, long before, int limit) {
    return template.with(connection -> pages.before(connection, room, before, limit));
  }

  @Override
  public Cursor at(RoomName room, Instant instant) {
    return template.with(connection -> LogMoments.at(connection, room, instant));
  }

  @Override
  public OptionalLong fork(RoomName room, String epoch) {
    return template.query(
        FORK,
        ask -> {
          ask.setString(1, room.value());
          ask.setString(2, epoch);
        },
        row -> {
          row.next();
          long seq = row.getLong(1);
          return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(seq);
        });
  }

  @Override
  public List<RoomName> rooms(String prefix, String from, int limit) {
    return template.query(
        ROOMS,
        ask -> {
          ask.setString(1, from);
          ask.setString(2, prefix);
          ask.setString(3, prefix + '\u007f'); // above every character of a name
          ask.setInt(4, Math.max(0, limit));
        },
        rows -> {
          List<RoomName> names = new ArrayList<>();
          while (rows.next()) {
            names.add(new RoomName(rows.getString(1)));
          }
          return names;
        });
  }
}
