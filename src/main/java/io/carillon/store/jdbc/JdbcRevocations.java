package io.carillon.store.jdbc;

import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Revocations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** Revocations in {@code carillon.revocation}; a row per user, the latest moment. */
public final class JdbcRevocations implements Revocations {
  private static final String REVOKE =
      """
      INSERT INTO carillon.revocation AS r (username, issued_before) VALUES (?, ?)
      ON CONFLICT (username) DO UPDATE
      SET issued_before = greatest(r.issued_before, excluded.issued_before),
        at = clock_timestamp()\
      """;
  private static final String ALL = "SELECT username, issued_before FROM carillon.revocation";

  private final DataSource source;

  /** Takes a pool of the server's own role. */
  public JdbcRevocations(DataSource source) {
    this.source = source;
  }

  @Override
  public void revoke(String user, Instant before) {
    try (Connection connection = source.getConnection();
        PreparedStatement revoke = connection.prepareStatement(REVOKE)) {
      revoke.setString(1, user);
      revoke.setObject(2, OffsetDateTime.ofInstant(before, ZoneOffset.UTC));
      revoke.executeUpdate();
    } catch (SQLException e) {
      throw new LogUnavailableException("a revocation cannot be written", e);
    }
  }

  @Override
  public Map<String, Instant> all() {
    Map<String, Instant> all = new HashMap<>();
    try (Connection connection = source.getConnection();
        PreparedStatement ask = connection.prepareStatement(ALL);
        ResultSet rows = ask.executeQuery()) {
      while (rows.next()) {
        all.put(rows.getString(1), rows.getObject(2, OffsetDateTime.class).toInstant());
      }
      return all;
    } catch (SQLException e) {
      throw new LogUnavailableException("revocations cannot be read", e);
    }
  }
}
