package io.carillon.store.jdbc;

import io.carillon.core.spi.Revocations;
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

  private final JdbcTemplate template;
  private final UserMoments moments;

  /**
   * Takes two sources of the server's own role.
   *
   * @param source for calls that may wait
   * @param vital for the read of each second, which must not wait behind other work
   */
  public JdbcRevocations(DataSource source, DataSource vital) {
    this.template = new JdbcTemplate(source, "revocations");
    this.moments = new UserMoments(template, new JdbcTemplate(vital, "revocations"), SINCE, FORGET);
  }

  @Override
  public void revoke(String user, Instant before) {
    template.update(
        REVOKE,
        revoke -> {
          revoke.setString(1, user);
          revoke.setObject(2, OffsetDateTime.ofInstant(before, ZoneOffset.UTC));
        });
  }

  @Override
  public RevocationChanges since(Instant from) {
    return moments.since(from, RevocationChanges::new);
  }

  @Override
  public void forget(Duration age) {
    moments.forget(age);
  }
}
