package io.carillon.store.jdbc;

import io.carillon.core.spi.DatabaseClock;
import io.carillon.core.spi.LogUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import javax.sql.DataSource;

/** Clock of the primary, read by one query. */
public final class JdbcClock implements DatabaseClock {
  private final DataSource source;

  /** Takes a pool of the server's own role. */
  public JdbcClock(DataSource source) {
    this.source = source;
  }

  @Override
  public Instant now() {
    try (Connection connection = source.getConnection();
        PreparedStatement ask = connection.prepareStatement("SELECT clock_timestamp()");
        ResultSet row = ask.executeQuery()) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    } catch (SQLException e) {
      throw new LogUnavailableException("the database does not answer", e);
    }
  }
}
