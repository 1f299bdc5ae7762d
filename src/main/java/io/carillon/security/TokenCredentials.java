package io.carillon.security;

import com.nimbusds.jwt.SignedJWT;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.spi.ClusterSecrets;
import io.carillon.core.spi.Credentials;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verifier of the tokens of the issuers in the settings and, in demo mode alone, those of {@link
 * DemoTokenDesk}. The token's header and issuer select the verifier, which then applies its own
 * keys and algorithm: no key is shared by two algorithms or two issuers, whatever its name.
 */
public final class TokenCredentials implements Credentials {
  /** Longest token in characters. */
  static final int MAX_TOKEN_LENGTH = 8192;

  private final @Nullable IssuerTokens issuer;
  private final Map<String, Further> others = new HashMap<>();
  private final @Nullable OwnTokens demo;
  private final RevocationList revocations;

  /** Further issuer with the verifier of its tokens, which has its keys alone. */
  private record Further(FurtherIssuer issuer, IssuerTokens tokens) {
    Identity verify(SignedJWT token) throws BadTokenException {
      Identity own = tokens.verify(token);
      return new Identity(
          issuer.prefix() + own.user(), own.grants(), own.issuedAt(), own.expiresAt());
    }
  }

  /**
   * Reads the keys.
   *
   * @throws IllegalArgumentException if the settings do not make a safe whole
   */
  public TokenCredentials(
      SecuritySettings settings,
      ClusterSecrets secrets,
      RevocationList revocations,
      SecureRandom random,
      Clock clock) {
    this.issuer = settings.hasKey() ? new IssuerTokens(settings, clock) : null;
    for (FurtherIssuer each : settings.furtherIssuers()) {
      Further further = new Further(each, new IssuerTokens(settings.of(each), clock));
      boolean twice = others.put(each.issuer(), further) != null;
      if (twice || each.issuer().equals(settings.issuer())) {
        throw new IllegalArgumentException("carillon.issuers: an issuer is there twice");
      }
    }
    this.demo =
        settings.demo() ? new OwnTokens(DemoTokenDesk.PURPOSE, secrets, random, clock) : null;
    this.revocations = revocations;
  }

  @Override
  public Identity verify(String token) {
    try {
      if (token.length() > MAX_TOKEN_LENGTH) {
        throw new BadTokenException("length");
      }
      Identity identity = identity(SignedJWT.parse(token));
      if (revocations.refuses(identity)) {
        throw new BadTokenException("revoked");
      }
      return identity;
    } catch (BadTokenException | ParseException notGood) {
      throw new RefusedException(ErrorCode.UNAUTHENTICATED);
    }
  }

  /** Whether there are keys to verify with: false until those of a remote issuer are fetched. */
  public boolean keysAvailable() {
    return issuer == null || issuer.keysAvailable();
  }

  /** Fetches the issuer's keys if there are none or they are old; to be called every second. */
  public void keepKeys() {
    if (issuer != null) {
      issuer.keepKeys();
    }
    others.values().forEach(further -> further.tokens.keepKeys());
  }

  private Identity identity(SignedJWT token) throws BadTokenException {
    if (demo != null && demo.claims(token)) {
      return demo.verify(token);
    }
    // Not verified yet: it only chooses among verifiers, each of which asks for its own issuer.
    Further further = others.get(claimedIssuer(token));
    if (further != null) {
      return further.verify(token);
    }
    if (issuer == null) {
      throw new BadTokenException("no issuer is set");
    }
    Identity identity = issuer.verify(token);
    for (Further other : others.values()) {
      if (identity.user().startsWith(other.issuer.prefix())) {
        throw new BadTokenException("a user of another issuer");
      }
    }
    return identity;
  }

  private static String claimedIssuer(SignedJWT token) throws BadTokenException {
    try {
      String claimed = token.getJWTClaimsSet().getIssuer();
      return claimed == null ? "" : claimed;
    } catch (ParseException noClaims) {
      throw new BadTokenException("claims");
    }
  }
}
