package io.carillon.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.spi.ClusterSecrets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that the server issues for itself, with a secret that all instances over one database
 * share: HS256, one purpose a secret. The purpose is the secret's name, the key id, issuer and
 * audience at once, so that a token of one purpose is worth nothing for another.
 */
final class OwnTokens {
  private static final Duration SKEW = Duration.ofSeconds(5);
  private static final int SECRET_BYTES = 32;

  private final String purpose;
  private final ClusterSecrets secrets;
  private final SecureRandom random;
  private final Clock clock;
  private final Claims claims;
  private volatile byte @Nullable [] secret;

  OwnTokens(String purpose, ClusterSecrets secrets, SecureRandom random, Clock clock) {
    this.purpose = purpose;
    this.secrets = secrets;
    this.random = random;
    this.clock = clock;
    this.claims = new Claims(clock, SKEW, purpose, Set.of(purpose));
  }

  /** Whether the header says that it is one of these; says nothing about the signature. */
  boolean claims(SignedJWT token) {
    return JWSAlgorithm.HS256.equals(token.getHeader().getAlgorithm())
        && purpose.equals(token.getHeader().getKeyID());
  }

  /** Makes a token; blocks the first time. */
  String issue(String user, Grants grants, Instant issued, Instant expires) {
    JWTClaimsSet set =
        new JWTClaimsSet.Builder()
            .issuer(purpose)
            .audience(purpose)
            .subject(user)
            .issueTime(Date.from(clock.instant()))
            .expirationTime(Date.from(expires))
            .claim(Claims.ISSUED_MILLIS, issued.toEpochMilli())
            .claim(GrantsClaim.NAME, GrantsClaim.write(grants))
            .build();
    SignedJWT token =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(purpose).build(), set);
    try {
      token.sign(new MACSigner(secret()));
    } catch (JOSEException e) {
      throw new IllegalStateException("HS256 cannot be had", e);
    }
    return token.serialize();
  }

  /** Verifies a token of this purpose; blocks the first time. */
  Identity verify(SignedJWT token) throws BadTokenException {
    if (!claims(token) || token.getHeader().getCriticalParams() != null) {
      throw new BadTokenException("header");
    }
    try {
      if (!token.verify(new MACVerifier(secret()))) {
        throw new BadTokenException("signature");
      }
      return claims.check(token.getJWTClaimsSet());
    } catch (JOSEException | ParseException e) {
      throw new BadTokenException("signature");
    }
  }

  private byte[] secret() {
    byte[] known = secret;
    if (known == null) {
      byte[] candidate = new byte[SECRET_BYTES];
      random.nextBytes(candidate);
      Base64.Encoder encoder = Base64.getEncoder();
      known =
          Base64.getDecoder().decode(secrets.keepFirst(purpose, encoder.encodeToString(candidate)));
      secret = known;
    }
    return known;
  }
}
