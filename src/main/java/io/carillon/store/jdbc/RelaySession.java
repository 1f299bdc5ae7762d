package io.carillon.store.jdbc;

import io.carillon.core.Event;
import io.carillon.core.RoomName;
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
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** The relay's connection. Used by one thread, but for abort. */
final class RelaySession implements RelayMover.RelayTarget, AutoCloseable {
  /**
   * Reads rows by their keys, independent of the statistics, which are poor for a table that is
   * mostly empty.
   */
  private static final String SCAN =
      """
      WITH new AS MATERIALIZED (
        SELECT o.number, o.outbox_id
        FROM carillon.outbox_order o WHERE o.number > ? ORDER BY o.number LIMIT ?
      ), old AS MATERIALIZED (
        SELECT o.number, o.outbox_id
        FROM carillon.outbox_order o WHERE o.number = ANY (?) AND o.number <= ?)
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, f.*
      FROM (SELECT 1) one
      LEFT JOIN (
        SELECT t.fresh, t.number, r.*
        FROM (SELECT true AS fresh, new.* FROM new UNION ALL SELECT false, old.* FROM old) t
        CROSS JOIN LATERAL (
          SELECT r.room, r.id, r.name, r.producer, r.data, r.meta, r.encoding
          FROM carillon.outbox_row r WHERE r.outbox_id = t.outbox_id OFFSET 0) r) f ON true
      ORDER BY f.number
      """;

  /** Rooms whose places are remembered: more are not hot at once. */
  private static final int PLACES = 1000;

  private final Connection connection;
  private final Notices notices;
  private final String holder;
  private final PreparedStatement scan;
  private final PreparedStatement relay;
  private final HeadPlaces<String> places = new HeadPlaces<>(PLACES);

  private RelaySession(Connection connection, Notices notices, String holder) throws SQLException {
    this.connection = connection;
    this.notices = notices;
    this.holder = holder;
    this.scan = connection.prepareStatement(SCAN);
    this.relay =
        connection.prepareStatement(
            "SELECT number, outcome, seq, epoch, created, place FROM carillon.relay_at(?, ?, ?)");
  }

  static RelaySession open(DataSource source, LogSettings settings, Notices notices, String holder)
      throws SQLException {
    Connection connection = Sessions.open(source, "carillon relay", settings, notices);
    try {
      return new RelaySession(connection, notices, holder);
    } catch (SQLException | RuntimeException | LinkageError failed) {
      Sessions.closeQuietly(connection);
      throw failed;
    }
  }

  /**
   * What a scan found.
   *
   * @param rows by number
   * @param end whether nothing above these is visible
   * @param oldest the oldest transaction that was running
   */
  record Scan(List<OutboxRow> rows, boolean end, long oldest) {}

  Scan scan(long after, int limit, long[] lookups) throws SQLException {
    scan.setLong(1, after);
    scan.setInt(2, limit);
    scan.setObject(3, lookups);
    scan.setLong(4, after);
    try (ResultSet rows = scan.executeQuery()) {
      List<OutboxRow> found = new ArrayList<>();
      long oldest = 0;
      int above = 0;
      while (rows.next()) {
        oldest = rows.getLong(1);
        if (rows.getBoolean(2)) {
          above++;
        }
        long number = rows.getLong(3);
        if (!rows.wasNull()) {
          found.add(
              new OutboxRow(
                  number,
                  rows.getString(4),
                  rows.getString(5),
                  rows.getString(6),
                  rows.getString(7),
                  rows.getString(8),
                  rows.getString(9),
                  rows.getShort(10)));
        }
      }
      return new Scan(found, above < limit, oldest);
    }
  }

  /** Takes or renews the lease. */
  boolean lease(double seconds) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT carillon.take_relay(?, ?::numeric)")) {
      statement.setString(1, holder);
      statement.setDouble(2, seconds);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** A transaction number greater than that of every transaction that has begun to write. */
  long horizon() throws SQLException {
    return one("SELECT pg_current_xact_id()::text::bigint");
  }

  /** The number that was given last. */
  long newest() throws SQLException {
    return one("SELECT last_value FROM carillon.outbox_number");
  }

  /** How many rows have no number, and so will never be found by a scan. */
  long unnumbered() throws SQLException {
    return one("SELECT carillon.outbox_unnumbered()");
  }

  private long one(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public RelayMover.Moved move(List<OutboxRow> rows) throws SQLException {
    Map<Long, OutboxRow> byNumber = HashMap.newHashMap(rows.size());
    rows.forEach(row -> byNumber.put(row.number(), row));
    Notices.beforeCall(connection, relay);
    relay.setString(1, holder);
    relay.setObject(2, rows.stream().mapToLong(OutboxRow::number).toArray());
    relay.setObject(3, rows.stream().map(row -> places.of(row.room())).toArray(String[]::new));
    List<Long> moved = new ArrayList<>(rows.size());
    List<Event> events = new ArrayList<>(rows.size());
    try (ResultSet result = relay.executeQuery()) {
      while (result.next()) {
        OutboxRow row = byNumber.get(result.getLong(1));
        if (row == null) {
          throw new SQLException("the relay moved what it was not asked to", "XX000");
        }
        moved.add(row.number());
        places.remember(row.room(), result.getString(6));
        if (BatchOutcome.fate(result) == BatchOutcome.Fate.STORED) {
          events.add(
              row.event(
                  result.getString(4),
                  result.getLong(3),
                  result.getObject(5, OffsetDateTime.class).toInstant()));
        }
      }
    }
    return new RelayMover.Moved(moved, events, notices.afterCall(connection, relay));
  }

  @Override
  public void reject(OutboxRow row, String reason) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT carillon.reject_outbox(?, ?)")) {
      statement.setLong(1, row.number());
      statement.setString(2, reason);
      statement.executeQuery().close();
    }
  }

  @Override
  public Map<RoomName, Long> makeRooms(Collection<RoomName> names) throws SQLException {
    return Sessions.makeRooms(connection, names);
  }

  @Override
  public int makeDays() throws SQLException {
    return Retention.makeDays(connection);
  }

  void abort(Executor executor) {
    Sessions.abort(connection, executor);
  }

  @Override
  public void close() {
    Sessions.closeQuietly(connection);
  }
}
