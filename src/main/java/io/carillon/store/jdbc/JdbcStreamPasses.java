package io.carillon.store.jdbc;

import io.carillon.core.spi.StreamPasses;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Passes of streams in {@code carillon.stream_pass}, stored as hashes, so that a reader of the
 * table can open nothing. Each call is one statement.
 */
final class JdbcStreamPasses implements StreamPasses {
  private static final String COOKIE_LIFE =
      " RETURNING claims, extract(epoch FROM greatest(expires, (SELECT max(p.expires)"
          + " FROM carillon.stream_pass p WHERE p.browser = stream_pass.browser))"
          + " - clock_timestamp())";
  private static final String MAKE =
      "INSERT INTO carillon.stream_pass (ticket, claims, browser, place, expires, ends)"
          + " SELECT ?, ?, ?, ?,"
          + " least(clock_timestamp() + make_interval(secs => ?), ends.at), ends.at"
          + " FROM (SELECT ?::timestamptz AS at) ends"
          + COOKIE_LIFE;
  private static final String RENEW =
      "UPDATE carillon.stream_pass SET browser = ?, returned = returned OR (? AND browser = ?),"
          + " expires = least(clock_timestamp() + make_interval(secs => ?), ends)"
          + " WHERE ticket = ? AND expires > clock_timestamp()"
          + " AND ((? AND browser = ?) OR (? AND NOT returned AND place = ?))"
          + COOKIE_LIFE;
  private static final String SWEEP =
      "DELETE FROM carillon.stream_pass WHERE expires < clock_timestamp()";

  private final JdbcTemplate template;

  /** Takes a pool of the server's own role. */
  JdbcStreamPasses(DataSource source) {
    this.template = new JdbcTemplate(source, "passes of streams");
  }

  @Override
  public Pass make(
      String ticket, String claims, TicketReader reader, Duration life, @Nullable Instant end) {
    return template
        .query(
            MAKE,
            make -> {
              make.setBytes(1, Hash.of(ticket));
              make.setString(2, claims);
              make.setBytes(3, Hash.of(reader.cookie()));
              make.setBytes(4, Hash.of(reader.place()));
              make.setDouble(5, seconds(life));
              make.setTimestamp(6, end == null ? null : Timestamp.from(end));
            },
            JdbcStreamPasses::pass)
        .orElseThrow();
  }

  @Override
  public Optional<Pass> renew(String ticket, TicketReader reader, Duration life) {
    byte[] browser = Hash.of(reader.cookie());
    return template.query(
        RENEW,
        renew -> {
          renew.setBytes(1, browser);
          renew.setBoolean(2, reader.brought());
          renew.setBytes(3, browser);
          renew.setDouble(4, seconds(life));
          renew.setBytes(5, Hash.of(ticket));
          renew.setBoolean(6, reader.brought());
          renew.setBytes(7, browser);
          renew.setBoolean(8, reader.resumes());
          renew.setBytes(9, Hash.of(reader.place()));
        },
        JdbcStreamPasses::pass);
  }

  /** Removes passes that have ended; call now and then. */
  void sweep() {
    template.update(SWEEP, JdbcTemplate.Parameters.NONE);
  }

  private static Optional<Pass> pass(ResultSet row) throws SQLException {
    if (!row.next()) {
      return Optional.empty();
    }
    Duration cookie = Duration.ofMillis(Math.max(0, (long) (row.getDouble(2) * 1000)));
    return Optional.of(new Pass(row.getString(1), cookie));
  }

  private static double seconds(Duration life) {
    return life.toMillis() / 1000.0;
  }
}
