package io.carillon.security;

import io.carillon.core.ErrorCode;
import io.carillon.core.Grants;
import io.carillon.core.RefusedException;
import io.carillon.core.spi.ClusterSecrets;
import io.carillon.core.spi.DemoTokens;
import io.carillon.core.spi.Issued;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Issuer of demo tokens, signed with the cluster's demo secret, so that every instance accepts
 * them.
 */
public final class DemoTokenDesk implements DemoTokens {
  static final String PURPOSE = "carillon-demo";
  private static final Duration LIFE = Duration.ofHours(1);

  private final boolean enabled;
  private final OwnTokens tokens;
  private final Clock clock;

  /** Makes the desk; with {@code enabled} false it makes nothing. */
  public DemoTokenDesk(boolean enabled, ClusterSecrets secrets, SecureRandom random, Clock clock) {
    this.enabled = enabled;
    this.tokens = new OwnTokens(PURPOSE, secrets, random, clock);
    this.clock = clock;
  }

  @Override
  public boolean enabled() {
    return enabled;
  }

  @Override
  public Issued issue(String user, boolean admin) {
    if (!enabled) {
      throw new RefusedException(ErrorCode.FORBIDDEN);
    }
    if (!Claims.isUser(user)) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    Instant now = clock.instant();
    Instant expires = now.plus(LIFE).truncatedTo(ChronoUnit.SECONDS);
    return new Issued(tokens.issue(user, Grants.everything(admin), now, expires), expires);
  }
}
