package io.carillon.store.jdbc;

import io.carillon.core.spi.RecoveryStore;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Sessions of guests in {@code carillon.guest_session}, stored under hashes, so that a reader of
 * the table can go on with none. Each call is one statement that commits by itself.
 */
public final class JdbcRecoveries implements RecoveryStore {
  private static final String SAVE =
      """
      INSERT INTO carillon.guest_session AS s (pid, username, connection, state, expires)
      VALUES (?, ?, ?, ?, clock_timestamp() + make_interval(secs => ?))
      ON CONFLICT (pid) DO UPDATE SET state = EXCLUDED.state, expires = EXCLUDED.expires
      WHERE s.connection = EXCLUDED.connection AND s.username = EXCLUDED.username\
      """;
  private static final String CLAIM =
      """
      UPDATE carillon.guest_session
      SET connection = ?, expires = clock_timestamp() + make_interval(secs => ?)
      WHERE pid = ? AND username = ? AND expires > clock_timestamp()
      RETURNING state\
      """;
  private static final String FORGET =
      "DELETE FROM carillon.guest_session WHERE pid = ? AND connection = ?";
  private static final String KEEP =
      """
      UPDATE carillon.guest_session s
      SET expires = clock_timestamp() + make_interval(secs => ?)
      FROM unnest(?, ?) AS k (pid, connection)
      WHERE s.pid = k.pid AND s.connection = k.connection\
      """;
  private static final String SWEEP =
      "DELETE FROM carillon.guest_session WHERE expires < clock_timestamp()";

  private final JdbcTemplate template;

  /** Takes a pool of the server's own role. */
  public JdbcRecoveries(DataSource source) {
    this.template = new JdbcTemplate(source, "sessions of guests");
  }

  @Override
  public void save(Owned session, String user, String state, Duration life) {
    template.update(
        SAVE,
        save -> {
          save.setBytes(1, Hash.of(session.pid()));
          save.setString(2, user);
          save.setString(3, session.connection());
          save.setString(4, state);
          save.setDouble(5, seconds(life));
        });
  }

  @Override
  public Optional<String> claim(Owned session, String user, Duration life) {
    return template.query(
        CLAIM,
        claim -> {
          claim.setString(1, session.connection());
          claim.setDouble(2, seconds(life));
          claim.setBytes(3, Hash.of(session.pid()));
          claim.setString(4, user);
        },
        row -> row.next() ? Optional.of(row.getString(1)) : Optional.empty());
  }

  @Override
  public void forget(Owned session) {
    template.update(
        FORGET,
        forget -> {
          forget.setBytes(1, Hash.of(session.pid()));
          forget.setString(2, session.connection());
        });
  }

  @Override
  public void keep(Collection<Owned> sessions, Duration life) {
    byte[][] pids = sessions.stream().map(s -> Hash.of(s.pid())).toArray(byte[][]::new);
    String[] connections = sessions.stream().map(Owned::connection).toArray(String[]::new);
    template.update(
        KEEP,
        keep -> {
          keep.setDouble(1, seconds(life));
          keep.setArray(2, keep.getConnection().createArrayOf("bytea", pids));
          keep.setArray(3, keep.getConnection().createArrayOf("text", connections));
        });
  }

  /** Removes the sessions that nobody came back for; call now and then. */
  public void sweep() {
    template.update(SWEEP, JdbcTemplate.Parameters.NONE);
  }

  private static double seconds(Duration life) {
    return life.toMillis() / 1000.0;
  }
}
