package io.carillon.store.jdbc;

import io.carillon.core.spi.Kicks;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** Kicks in {@code carillon.kick}; a row per user, the latest moment. */
public final class JdbcKicks implements Kicks {
  private static final String KICK =
      """
      INSERT INTO carillon.kick (username) VALUES (?)
      ON CONFLICT (username) DO UPDATE SET at = clock_timestamp()\
      """;
  private static final String SINCE =
      """
      SELECT t.now, k.username, k.at
      FROM (SELECT statement_timestamp() AS now) t
      LEFT JOIN carillon.kick k ON k.at > ?\
      """;
  private static final String FORGET =
      "DELETE FROM carillon.kick WHERE at < clock_timestamp() - make_interval(secs => ?)";

  private final DataSource source;
  private final DataSource vital;

  /**
   * Takes two sources of the server's own role.
   *
   * @param source for what may wait
   * @param vital for what is read each second, and must not wait behind anything else
   */
  public JdbcKicks(DataSource source, DataSource vital) {
    this.source = source;
    this.vital = vital;
  }

  @Override
  public void kick(String user) {
    Work.with(
        source,
        connection -> {
          try (PreparedStatement kick = connection.prepareStatement(KICK)) {
            kick.setString(1, user);
            return kick.executeUpdate();
          }
        });
  }

  @Override
  public Latest since(Instant from) {
    return Work.with(
        vital,
        connection -> {
          try (PreparedStatement ask = connection.prepareStatement(SINCE)) {
            ask.setObject(1, OffsetDateTime.ofInstant(from, ZoneOffset.UTC));
            try (ResultSet rows = ask.executeQuery()) {
              return latest(rows);
            }
          }
        });
  }

  private static Latest latest(ResultSet rows) throws SQLException {
    Map<String, Instant> at = new HashMap<>();
    Instant asOf = Instant.EPOCH;
    while (rows.next()) {
      asOf = rows.getObject(1, OffsetDateTime.class).toInstant();
      String user = rows.getString(2);
      if (user != null) {
        at.put(user, rows.getObject(3, OffsetDateTime.class).toInstant());
      }
    }
    return new Latest(at, asOf);
  }

  @Override
  public void forget(Duration age) {
    Work.with(
        source,
        connection -> {
          try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
            forget.setDouble(1, age.toMillis() / 1000.0);
            return forget.executeUpdate();
          }
        });
  }
}
