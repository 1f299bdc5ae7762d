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
import org.jspecify.annotations.Nullable;

/**
 * Verifier of the tokens of the issuer in the settings and, in demo mode alone, those of {@link
 * DemoTokenDesk}. The token's header selects the verifier, which then applies its own key and
 * algorithm: no key is shared by two algorithms.
 */
public final class TokenCredentials implements Credentials {
  /** Longest token in characters. */
  static final int MAX_TOKEN_LENGTH = 8192;

  private final @Nullable IssuerTokens issuer;
  private final @Nullable OwnTokens demo;
  private final RevocationList revocations;

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
  }

  private Identity identity(SignedJWT token) throws BadTokenException {
    if (demo != null && demo.claims(token)) {
      return demo.verify(token);
    }
    if (issuer == null) {
      throw new BadTokenException("no issuer is set");
    }
    return issuer.verify(token);
  }
}
