package io.carillon.store.jdbc;

import io.carillon.core.spi.Kicks;
import java.time.Duration;
import java.time.Instant;
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

  private final JdbcTemplate template;
  private final UserMoments moments;

  /**
   * Takes two sources of the server's own role.
   *
   * @param source for calls that may wait
   * @param vital for the read of each second, which must not wait behind other work
   */
  public JdbcKicks(DataSource source, DataSource vital) {
    this.template = new JdbcTemplate(source, "kicks");
    this.moments = new UserMoments(template, new JdbcTemplate(vital, "kicks"), SINCE, FORGET);
  }

  @Override
  public void kick(String user) {
    template.update(KICK, kick -> kick.setString(1, user));
  }

  @Override
  public Latest since(Instant from) {
    return moments.since(from, Latest::new);
  }

  @Override
  public void forget(Duration age) {
    moments.forget(age);
  }
}
