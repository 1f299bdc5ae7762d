package io.carillon.store.jdbc;

import io.carillon.core.spi.Inspection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Views of the tables that no other store shows. Reads only. */
public final class JdbcInspection implements Inspection {
  private static final String OLDEST =
      "SELECT coalesce((SELECT outbox_id FROM carillon.outbox_row ORDER BY outbox_id LIMIT 1), 0)";
  private static final String REJECTED_LATELY =
      "SELECT EXISTS (SELECT FROM carillon.outbox_rejected"
          + " WHERE at > clock_timestamp() - make_interval(secs => ?))";
  private static final String WAITING =
      """
      SELECT (SELECT count(*) FROM (SELECT FROM carillon.outbox_row LIMIT 100000) AS listed),
             (SELECT created FROM carillon.outbox_row ORDER BY outbox_id LIMIT 1)
      """;
  private static final String REJECTED =
      "SELECT count(*) FROM (SELECT FROM carillon.outbox_rejected LIMIT 100000) AS listed";
  private static final String LATEST =
      "SELECT number, room, id, name, producer, created, at, reason"
          + " FROM carillon.outbox_rejected ORDER BY at DESC, number DESC LIMIT ?";

  private final JdbcTemplate template;
  private final JdbcInstances live;

  /**
   * Creates the views.
   *
   * @param source gives connections of the server's role
   * @param live the list of live instances
   */
  public JdbcInspection(DataSource source, JdbcInstances live) {
    this.template = new JdbcTemplate(source, "the server's state");
    this.live = live;
  }

  @Override
  public List<LiveInstance> instances() {
    return live.live();
  }

  @Override
  public long oldestWaiting() {
    return template.query(
        OLDEST,
        JdbcTemplate.Parameters.NONE,
        row -> {
          row.next();
          return row.getLong(1);
        });
  }

  @Override
  public boolean rejectedWithin(Duration time) {
    return template.query(
        REJECTED_LATELY,
        ask -> ask.setDouble(1, time.toMillis() / 1000.0),
        row -> {
          row.next();
          return row.getBoolean(1);
        });
  }

  @Override
  public OutboxState outbox(int limit) {
    return template.with(
        connection ->
            JdbcTemplate.query(
                connection,
                WAITING,
                JdbcTemplate.Parameters.NONE,
                row -> {
                  row.next();
                  OffsetDateTime oldest = row.getObject(2, OffsetDateTime.class);
                  return new OutboxState(
                      row.getLong(1),
                      oldest == null ? null : oldest.toInstant(),
                      rejected(connection),
                      latest(connection, limit));
                }));
  }

  private static long rejected(Connection connection) throws SQLException {
    return JdbcTemplate.query(
        connection,
        REJECTED,
        JdbcTemplate.Parameters.NONE,
        row -> {
          row.next();
          return row.getLong(1);
        });
  }

  private static List<RejectedEvent> latest(Connection connection, int limit) throws SQLException {
    return JdbcTemplate.query(
        connection,
        LATEST,
        ask -> ask.setInt(1, limit),
        rows -> {
          List<RejectedEvent> all = new ArrayList<>();
          while (rows.next()) {
            all.add(
                new RejectedEvent(
                    rows.getLong(1),
                    rows.getString(2),
                    rows.getString(3),
                    rows.getString(4),
                    rows.getString(5),
                    instant(rows, 6),
                    instant(rows, 7),
                    rows.getString(8)));
          }
          return all;
        });
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
