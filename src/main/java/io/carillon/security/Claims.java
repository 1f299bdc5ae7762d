package io.carillon.security;

import com.nimbusds.jwt.JWTClaimsSet;
import io.carillon.core.Identity;
import io.carillon.core.Publication;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Check of the claims of a token whose signature was found good, and reader of its identity. */
final class Claims {
  /** When a token of our own was issued, in milliseconds: {@code iat} has only whole seconds. */
  static final String ISSUED_MILLIS = "carillon_iat";

  private final Clock clock;
  private final Duration skew;
  private final @Nullable String issuer;
  private final Set<String> audiences;

  /**
   * Creates a check.
   *
   * @param skew how far {@code nbf} and {@code iat} may lie ahead of {@code clock}
   * @param issuer required {@code iss}
   * @param audiences one of them must be in {@code aud}; empty: not checked
   */
  Claims(Clock clock, Duration skew, @Nullable String issuer, Set<String> audiences) {
    this.clock = clock;
    this.skew = skew;
    this.issuer = issuer;
    this.audiences = audiences;
  }

  Identity check(JWTClaimsSet claims) throws BadTokenException {
    if (issuer == null || !issuer.equals(claims.getIssuer())) {
      throw new BadTokenException("iss");
    }
    if (!audiences.isEmpty() && claims.getAudience().stream().noneMatch(audiences::contains)) {
      throw new BadTokenException("aud");
    }
    Instant now = clock.instant();
    Instant expires = instant(claims.getExpirationTime());
    // No tolerance: nothing is delivered beyond it, so nobody is let in either.
    if (expires == null || !now.isBefore(expires)) {
      throw new BadTokenException("exp");
    }
    Instant notBefore = instant(claims.getNotBeforeTime());
    if (notBefore != null && now.isBefore(notBefore.minus(skew))) {
      throw new BadTokenException("nbf");
    }
    Instant issued = issued(claims);
    if (issued != null && now.isBefore(issued.minus(skew))) {
      throw new BadTokenException("iat");
    }
    return new Identity(
        user(claims), GrantsClaim.read(claims.getClaim(GrantsClaim.NAME)), issued, expires);
  }

  /**
   * Whether a name may be a user's: bounded, storable, one line, and not one of those that the
   * server gives to publishers in SQL and in the application
   */
  static boolean isUser(String name) {
    if (name.isEmpty()
        || name.length() > Publication.MAX_USER_LENGTH
        || name.startsWith("sql:")
        || name.startsWith("app:")) {
      return false;
    }
    return name.codePoints()
        .noneMatch(
            c ->
                Character.isISOControl(c)
                    || Character.getType(c) == Character.SURROGATE
                    || c == 0x2028
                    || c == 0x2029);
  }

  private static String user(JWTClaimsSet claims) throws BadTokenException {
    try {
      String user = claims.getStringClaim("sub");
      if (user == null) {
        user = claims.getStringClaim("upn");
      }
      if (user == null || !isUser(user)) {
        throw new BadTokenException("sub");
      }
      return user;
    } catch (ParseException notText) {
      throw new BadTokenException("sub");
    }
  }

  private static @Nullable Instant issued(JWTClaimsSet claims) {
    return claims.getClaim(ISSUED_MILLIS) instanceof Number millis
        ? Instant.ofEpochMilli(millis.longValue())
        : instant(claims.getIssueTime());
  }

  private static @Nullable Instant instant(@Nullable Date date) {
    return date == null ? null : date.toInstant();
  }
}
