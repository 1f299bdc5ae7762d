package io.carillon.store.jdbc;

import io.carillon.core.spi.StreamPasses;
import io.carillon.core.spi.Tickets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * One-time tickets in {@code carillon.ticket}, stored as hashes, so that a reader of the table can
 * redeem nothing. Redeeming is one DELETE, so that of any number of callers one succeeds.
 */
public final class JdbcTickets implements Tickets {
  private static final int BITS = 256;
  private static final String ISSUE =
      "INSERT INTO carillon.ticket (hash, claims, expires)"
          + " VALUES (?, ?, clock_timestamp() + make_interval(secs => ?))";
  private static final String REDEEM =
      "DELETE FROM carillon.ticket WHERE hash = ? RETURNING claims, expires > clock_timestamp()";
  private static final String SWEEP =
      "DELETE FROM carillon.ticket WHERE expires < clock_timestamp()";

  private final JdbcTemplate template;
  private final SecureRandom random;
  private final JdbcStreamPasses passes;

  /** Takes a pool of the server's own role. */
  public JdbcTickets(DataSource source, SecureRandom random) {
    this.template = new JdbcTemplate(source, "tickets");
    this.random = random;
    this.passes = new JdbcStreamPasses(source);
  }

  @Override
  public String issue(String claims, Duration ttl) {
    byte[] bits = new byte[BITS / 8];
    random.nextBytes(bits);
    String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    template.update(
        ISSUE,
        issue -> {
          issue.setBytes(1, Hash.of(ticket));
          issue.setString(2, claims);
          issue.setDouble(3, ttl.toMillis() / 1000.0);
        });
    return ticket;
  }

  @Override
  public Optional<String> redeem(String ticket) {
    return template.query(
        REDEEM,
        redeem -> redeem.setBytes(1, Hash.of(ticket)),
        row -> row.next() && row.getBoolean(2) ? Optional.of(row.getString(1)) : Optional.empty());
  }

  /** Passes of streams that were opened with tickets. */
  public StreamPasses passes() {
    return passes;
  }

  /** Removes expired tickets and passes; call now and then. */
  public void sweep() {
    passes.sweep();
    template.update(SWEEP, JdbcTemplate.Parameters.NONE);
  }
}
