package io.carillon.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Table of one moment per user: read of new rows, removal of old ones.
 *
 * @param template for calls that may wait
 * @param vital for the read of each second, which must not wait behind other work
 * @param since query for the database's time and, for rows written after a moment, user and moment
 * @param forget statement that removes rows older than a number of seconds
 */
record UserMoments(JdbcTemplate template, JdbcTemplate vital, String since, String forget) {
  /** The moments written after a moment, by user, and the database's time of the read. */
  <T> T since(Instant from, BiFunction<Map<String, Instant>, Instant, T> as) {
    return vital.query(
        since,
        ask -> ask.setObject(1, OffsetDateTime.ofInstant(from, ZoneOffset.UTC)),
        rows -> read(rows, as));
  }

  private static <T> T read(ResultSet rows, BiFunction<Map<String, Instant>, Instant, T> as)
      throws SQLException {
    Map<String, Instant> moments = new HashMap<>();
    Instant asOf = Instant.EPOCH;
    while (rows.next()) {
      asOf = rows.getObject(1, OffsetDateTime.class).toInstant();
      String user = rows.getString(2);
      if (user != null) {
        moments.put(user, rows.getObject(3, OffsetDateTime.class).toInstant());
      }
    }
    return as.apply(moments, asOf);
  }

  /** Removes rows older than that, by the database's time. */
  void forget(Duration age) {
    template.update(forget, statement -> statement.setDouble(1, age.toMillis() / 1000.0));
  }
}
