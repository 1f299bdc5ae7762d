package io.carillon.store.jdbc;

import io.carillon.core.spi.Bans;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Bans in {@code carillon.ban}; a row per user. Bans that are over are removed with the next one.
 */
public final class JdbcBans implements Bans {
  private static final String BAN =
      """
      WITH over AS (DELETE FROM carillon.ban WHERE until <= clock_timestamp() AND username <> ?)
      INSERT INTO carillon.ban (username, until, reason, by) VALUES (?, ?, ?, ?)
      ON CONFLICT (username) DO UPDATE
      SET until = excluded.until, reason = excluded.reason, by = excluded.by, at = clock_timestamp()
      """;
  private static final String LIFT =
      "DELETE FROM carillon.ban WHERE username = ? AND until > clock_timestamp()";
  private static final String ACTIVE =
      "SELECT username, until, reason, by FROM carillon.ban WHERE until > clock_timestamp()"
          + " ORDER BY username";

  private final JdbcTemplate template;
  private final JdbcTemplate vital;

  /**
   * Takes two sources of the server's own role.
   *
   * @param source for calls that may wait
   * @param vital for the read of each second, which must not wait behind other work
   */
  public JdbcBans(DataSource source, DataSource vital) {
    this.template = new JdbcTemplate(source, "bans");
    this.vital = new JdbcTemplate(vital, "bans");
  }

  @Override
  public void ban(Ban ban) {
    template.update(
        BAN,
        write -> {
          write.setString(1, ban.user());
          write.setString(2, ban.user());
          write.setObject(3, OffsetDateTime.ofInstant(ban.until(), ZoneOffset.UTC));
          write.setString(4, ban.reason());
          write.setString(5, ban.by());
        });
  }

  @Override
  public boolean lift(String user) {
    return template.update(LIFT, end -> end.setString(1, user)) > 0;
  }

  @Override
  public List<Ban> active() {
    return vital.query(
        ACTIVE,
        JdbcTemplate.Parameters.NONE,
        rows -> {
          List<Ban> all = new ArrayList<>();
          while (rows.next()) {
            all.add(
                new Ban(
                    rows.getString(1),
                    rows.getObject(2, OffsetDateTime.class).toInstant(),
                    rows.getString(3),
                    rows.getString(4)));
          }
          return all;
        });
  }
}
