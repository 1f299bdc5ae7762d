package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import io.carillon.core.Identity;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.DatabaseClock;
import io.carillon.core.spi.Kicks;
import io.carillon.core.spi.Revocations;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends users away: here at once, on the other instances by a control signal over the backplane,
 * and where the signal was missed by {@link #readKicks} and by {@link #sweep}, which know from the
 * store. Thread-safe.
 */
public final class Disconnects {
  private static final String REASON = "kicked";
  private static final String REVOKED = "revoked";

  /** A kick becomes visible after the moment that it bears. */
  private static final Duration OVERLAP = Duration.ofSeconds(30);

  private final Connections connections;
  private final Backplane backplane;
  private final Revocations revocations;
  private final Kicks kicks;
  private final DatabaseClock clock;
  private final BiConsumer<String, Instant> refuse;
  private volatile Instant kicksRead = Instant.EPOCH.plus(OVERLAP);

  /**
   * Puts it together.
   *
   * @param refuse told at once which user's credentials are refused from when on; must be short
   */
  public Disconnects(
      Connections connections,
      Backplane backplane,
      Revocations revocations,
      Kicks kicks,
      DatabaseClock clock,
      BiConsumer<String, Instant> refuse) {
    this.connections = connections;
    this.backplane = backplane;
    this.revocations = revocations;
    this.kicks = kicks;
    this.clock = clock;
    this.refuse = refuse;
  }

  /**
   * Closes all connections of a user on all instances; the user may come back. Blocks; when it
   * returns the kick is durable, so that an instance that does not hear of it reads it.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if it could not be stored; then nothing
   *     was done
   */
  public void kick(String user) {
    kicks.kick(user);
    backplane.send(new Backplane.Control.Kick(user, null));
    expel(user, null);
  }

  /**
   * Closes all connections of a user and refuses the credentials issued before now. Blocks; when it
   * returns the revocation is durable.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if it could not be stored; then nothing
   *     was done
   */
  public void revoke(String user) {
    Instant now = clock.now();
    revocations.revoke(user, now);
    backplane.send(new Backplane.Control.Kick(user, now));
    expel(user, now);
  }

  /** Another instance said so. Returns at once. */
  public void heard(Backplane.Control.Kick kick) {
    expel(kick.user(), kick.issuedBefore());
  }

  /**
   * Reads who was kicked lately and closes what was open then and still is. Blocks; by one thread
   * at a time, each second.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if that cannot be read; the next call
   *     reads what this one should have
   */
  public void readKicks() {
    Kicks.Latest latest = kicks.since(kicksRead.minus(OVERLAP));
    kicksRead = latest.asOf();
    if (latest.at().isEmpty()) {
      return;
    }
    for (Connection connection : connections.all()) {
      Instant at = latest.at().get(connection.identity().user());
      if (at != null && connection.state().opened().isBefore(at)) {
        connection.close(CloseCode.KICKED, REASON);
      }
    }
  }

  /**
   * Closes connections that are refused and those whose token has ended; call after what is refused
   * was read anew.
   */
  public void sweep(Predicate<Identity> refused) {
    for (Connection connection : connections.all()) {
      if (refused.test(connection.identity())) {
        connection.close(CloseCode.KICKED, REVOKED);
      } else {
        connection.expire();
      }
    }
  }

  private void expel(String user, @Nullable Instant issuedBefore) {
    if (issuedBefore != null) {
      refuse.accept(user, issuedBefore);
    }
    connections.close(user, CloseCode.KICKED, issuedBefore == null ? REASON : REVOKED);
  }
}
