package io.carillon.store.jdbc;

import io.carillon.core.spi.Inspection;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Lease of this incarnation of a server, and the list of live instances. Dependent rows of an
 * instance (members, occupancy) last as long as its lease, in database time; call {@link #renew}
 * several times within it. All methods block and throw {@link
 * io.carillon.core.spi.LogUnavailableException}.
 */
public final class JdbcInstances {
  /** 8 s: a killed instance's members are gone within that and one sweep. */
  public static final Duration LEASE = Duration.ofSeconds(8);

  private static final String RENEW =
      """
      WITH known AS (SELECT expires > clock_timestamp() AS alive FROM carillon.instance WHERE id = ?)
      INSERT INTO carillon.instance AS i (id, started, seen, expires, info)
      SELECT ?, t, t, t + make_interval(secs => ?), ?::jsonb FROM clock_timestamp() AS t
      ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, expires = excluded.expires,
        info = excluded.info
      RETURNING i.seen, coalesce((SELECT alive FROM known), false)
      """;
  private static final String LIVE =
      """
      SELECT i.id, coalesce(i.info ->> 'name', i.id), coalesce(i.info ->> 'version', 'unknown'),
             i.started, i.seen, i.draining_until IS NOT NULL, l.holder IS NOT NULL
      FROM carillon.instance i
      LEFT JOIN carillon.relay_lease l ON l.holder = i.id AND l.until > clock_timestamp()
      WHERE i.expires > clock_timestamp() ORDER BY i.started, i.id
      """;
  private static final String ANY_WITHOUT =
      "SELECT EXISTS (SELECT FROM carillon.instance"
          + " WHERE expires > clock_timestamp() AND info -> ? IS NULL)";
  private static final String SAID =
      """
      SELECT id, info ->> ? FROM carillon.instance
      WHERE expires > clock_timestamp() AND info ->> ? IS NOT NULL ORDER BY started, id LIMIT 1000
      """;
  private static final String DRAINING =
      "UPDATE carillon.instance SET draining_until = clock_timestamp() + make_interval(secs => ?)"
          + " WHERE id = ?";
  private static final String BYE =
      "UPDATE carillon.instance SET expires = clock_timestamp() WHERE id = ?";

  private final JdbcTemplate template;
  private final String id;
  private final Duration lease;

  /**
   * Result of a renewal.
   *
   * @param revived whether the lease was over (or never there): what hung on it may have been
   *     swept, assert it again
   * @param now the database's time
   */
  public record Renewal(boolean revived, Instant now) {}

  /** Creates a lease of the usual duration, as the other constructor does. */
  public JdbcInstances(DataSource source, String id) {
    this(source, id, LEASE);
  }

  /**
   * Creates a lease; {@link #renew} takes it.
   *
   * @param id unique to this incarnation
   */
  public JdbcInstances(DataSource source, String id, Duration lease) {
    this.template = new JdbcTemplate(source, "the lease of an instance");
    this.id = id;
    this.lease = lease;
  }

  /** This incarnation's id. */
  public String id() {
    return id;
  }

  /**
   * Takes the lease, or renews it.
   *
   * @param info what to say of this instance, a JSON object
   */
  public Renewal renew(String info) {
    return template.query(
        RENEW,
        renew -> {
          renew.setString(1, id);
          renew.setString(2, id);
          renew.setDouble(3, lease.toMillis() / 1000.0);
          renew.setString(4, info);
        },
        row -> {
          row.next();
          Instant now = row.getObject(1, OffsetDateTime.class).toInstant();
          return new Renewal(!row.getBoolean(2), now);
        });
  }

  /** The instances whose lease lasts, the oldest first. */
  public List<Inspection.LiveInstance> live() {
    return template.query(
        LIVE,
        JdbcTemplate.Parameters.NONE,
        rows -> {
          List<Inspection.LiveInstance> all = new ArrayList<>();
          while (rows.next()) {
            all.add(
                new Inspection.LiveInstance(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getString(3),
                    rows.getObject(4, OffsetDateTime.class).toInstant(),
                    rows.getObject(5, OffsetDateTime.class).toInstant(),
                    rows.getBoolean(6),
                    rows.getBoolean(7)));
          }
          return all;
        });
  }

  /** Whether the info of any live instance lacks this field. */
  public boolean anyWithout(String field) {
    return template.query(
        ANY_WITHOUT,
        ask -> ask.setString(1, field),
        row -> {
          row.next();
          return row.getBoolean(1);
        });
  }

  /** What live instances say in this field of their info, by their ids; 1,000 at the most. */
  public Map<String, String> said(String field) {
    return template.query(
        SAID,
        ask -> {
          ask.setString(1, field);
          ask.setString(2, field);
        },
        rows -> {
          Map<String, String> said = new LinkedHashMap<>();
          while (rows.next()) {
            said.put(rows.getString(1), rows.getString(2));
          }
          return said;
        });
  }

  /** Says that this instance is about to go. */
  public void draining(Duration until) {
    template.update(
        DRAINING,
        say -> {
          say.setDouble(1, until.toMillis() / 1000.0);
          say.setString(2, id);
        });
  }

  /** Ends the lease at once; the next sweep ends what hangs on it, unless it was drained. */
  public void bye() {
    template.update(BYE, end -> end.setString(1, id));
  }
}
