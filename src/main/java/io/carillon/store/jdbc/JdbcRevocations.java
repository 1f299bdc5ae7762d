package io.carillon.store.jdbc;

import io.carillon.core.spi.Revocations;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
  private static final String SINCE =
      """
      SELECT t.now, r.username, r.issued_before
      FROM (SELECT statement_timestamp() AS now) t
      LEFT JOIN carillon.revocation r ON r.at > ?\
      """;
  private static final String FORGET =
      "DELETE FROM carillon.revocation WHERE at < clock_timestamp() - make_interval(secs => ?)";

  private final DataSource source;
  private final UserMoments moments;

  /**
   * Takes two sources of the server's own role.
   *
   * @param source for what may wait
   * @param vital for what is read each second, and must not wait behind anything else
   */
  public JdbcRevocations(DataSource source, DataSource vital) {
    this.source = source;
    this.moments = new UserMoments(source, vital, SINCE, FORGET);
  }

  @Override
  public void revoke(String user, Instant before) {
    Work.with(
        source,
        connection -> {
          try (PreparedStatement revoke = connection.prepareStatement(REVOKE)) {
            revoke.setString(1, user);
            revoke.setObject(2, OffsetDateTime.ofInstant(before, ZoneOffset.UTC));
            return revoke.executeUpdate();
          }
        });
  }

  @Override
  public Changes since(Instant from) {
    return moments.since(from, Changes::new);
  }

  @Override
  public void forget(Duration age) {
    moments.forget(age);
  }
}
