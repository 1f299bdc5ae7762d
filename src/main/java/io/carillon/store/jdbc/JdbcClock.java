package io.carillon.store.jdbc;

import io.carillon.core.spi.DatabaseClock;
import java.time.Instant;
import java.time.OffsetDateTime;
import javax.sql.DataSource;

/** Clock of the primary, read by one query. */
public final class JdbcClock implements DatabaseClock {
  private final JdbcTemplate template;

  /** Takes a pool of the server's own role. */
  public JdbcClock(DataSource source) {
    this.template = new JdbcTemplate(source, "the database's clock");
  }

  @Override
  public Instant now() {
    return template.query(
        "SELECT clock_timestamp()",
        JdbcTemplate.Parameters.NONE,
        row -> {
          row.next();
          return row.getObject(1, OffsetDateTime.class).toInstant();
        });
  }
}
