package io.carillon.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import java.security.Key;
import java.security.interfaces.RSAKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifier of the tokens of the one issuer in the settings, with the one algorithm in the settings.
 * What a token's header says about algorithm or keys is compared or ignored, never followed: {@code
 * jku}, {@code jwk}, {@code x5u} and {@code x5c} are not looked at, and any {@code crit} is
 * refused.
 */
final class IssuerTokens {
  private static final int MIN_RSA_BITS = 2048;

  private final DefaultJWTProcessor<SecurityContext> processor;
  private final Claims claims;
  private final JWKSource<SecurityContext> keys;

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException if they do not make a safe whole
   */
  IssuerTokens(SecuritySettings settings, Clock clock) {
    JWSAlgorithm algorithm = JWSAlgorithm.parse(settings.algorithm());
    if (!JWSAlgorithm.Family.RSA.contains(algorithm)
        && !List.of(JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512)
            .contains(algorithm)) {
      throw new IllegalArgumentException(
          "mp.jwt.verify.publickey.algorithm must be RS256, RS384, RS512, PS256, PS384, PS512,"
              + " ES256, ES384 or ES512");
    }
    if (settings.issuer() == null || settings.issuer().isBlank()) {
      throw new IllegalArgumentException("mp.jwt.verify.issuer must be set where a key is set");
    }
    claims = new Claims(clock, settings.clockSkew(), settings.issuer(), settings.audiences());
    keys = KeySource.of(settings, algorithm);
    processor = new DefaultJWTProcessor<>();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(new StrongKeys(algorithm, keys));
    // Times, issuer and audience are ours to check: with our clock and our tolerance.
    processor.setJWTClaimsSetVerifier((set, context) -> {});
  }

  /** Whether there are keys to verify with. */
  boolean keysAvailable() {
    return !(keys instanceof IssuerKeys fetched) || fetched.available();
  }

  /** Fetches the keys if it is time for it. */
  void keepKeys() {
    if (keys instanceof IssuerKeys fetched) {
      fetched.keep();
    }
  }

  /**
   * Verifies a token.
   *
   * @throws RefusedException {@code overloaded} while the keys of the issuer cannot be fetched
   */
  Identity verify(SignedJWT token) throws BadTokenException {
    if (token.getHeader().getCriticalParams() != null) {
      throw new BadTokenException("crit");
    }
    JWTClaimsSet verified;
    try {
      verified = processor.process(token, null);
    } catch (KeySourceException away) {
      Duration after =
          away instanceof IssuerKeys.Away known ? known.retryAfter() : IssuerKeys.RETRY;
      throw new RefusedException(
          Rejection.retry(
              ErrorCode.OVERLOADED, after, "The keys of the issuer cannot be fetched."));
    } catch (BadJOSEException | JOSEException notGood) {
      throw new BadTokenException("signature or key");
    }
    return claims.check(verified);
  }

  /** Selects by algorithm, type and {@code kid}, and leaves weak RSA keys out. */
  private static final class StrongKeys extends JWSVerificationKeySelector<SecurityContext> {
    private final boolean nameless;

    StrongKeys(JWSAlgorithm algorithm, JWKSource<SecurityContext> source) {
      super(algorithm, source);
      this.nameless =
          source instanceof ImmutableJWKSet<SecurityContext> local
              && local.getJWKSet().getKeys().stream().allMatch(key -> key.getKeyID() == null);
    }

    /** Local keys without a name (PEM) are tried for every token. */
    @Override
    protected @Nullable JWKMatcher createJWKMatcher(JWSHeader header) {
      return super.createJWKMatcher(
          nameless ? new JWSHeader.Builder(header).keyID(null).build() : header);
    }

    @Override
    public List<Key> selectJWSKeys(JWSHeader header, @Nullable SecurityContext context)
        throws KeySourceException {
      return super.selectJWSKeys(header, context).stream()
          .filter(
              key -> !(key instanceof RSAKey rsa) || rsa.getModulus().bitLength() >= MIN_RSA_BITS)
          .toList();
    }
  }
}
