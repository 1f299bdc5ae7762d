package io.carillon.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.carillon.core.Identity;
import io.carillon.core.spi.Bans;
import io.carillon.core.spi.ClusterSecrets;
import io.carillon.core.spi.Revocations;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keys, an issuer and everything that a verifier is made of, at one fixed moment. */
final class Tokens {
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  static final String ISSUER = "https://issuer.example";
  static final String AUDIENCE = "carillon";
  static final RSAKey RSA = rsa("k1", 2048);
  static final RSAKey OTHER_RSA = rsa("k1", 2048);
  static final RSAKey WEAK_RSA = rsa("weak", 1024);
  static final ECKey EC = ec();

  private Tokens() {}

  static SecuritySettings settings(boolean demo) {
    return settings(
        new JWKSet(List.of(RSA.toPublicJWK(), WEAK_RSA.toPublicJWK(), EC.toPublicJWK())).toString(),
        "RS256",
        demo);
  }

  static SecuritySettings settings(String key, String algorithm, boolean demo) {
    return new SecuritySettings(
        key,
        null,
        null,
        algorithm,
        ISSUER,
        Set.of(AUDIENCE),
        Duration.ofSeconds(60),
        Set.of("https://app.example.com"),
        false,
        demo);
  }

  static TokenCredentials credentials(SecuritySettings settings) {
    return new TokenCredentials(
        settings,
        secrets(),
        new RevocationList(noRevocations(), KEPT, Tokens.noBans()),
        new SecureRandom(),
        CLOCK);
  }

  static ClusterSecrets secrets() {
    Map<String, String> kept = new ConcurrentHashMap<>();
    return (name, candidate) -> kept.computeIfAbsent(name, n -> candidate);
  }

  /** How long revocations are kept in tests. */
  static final Duration KEPT = Duration.ofDays(30);

  static Revocations noRevocations() {
    return new MemoryRevocations();
  }

  /** The claims of a good token; to be changed by a test. */
  static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .subject("alice")
        .issueTime(Date.from(NOW.minusSeconds(10)))
        .expirationTime(Date.from(NOW.plusSeconds(600)))
        .claim("carillon", Map.of("chat:*", List.of("read", "write")));
  }

  static String rs256(JWTClaimsSet claims) {
    return sign(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(), claims, RSA);
  }

  /** The weak-key switch is deprecated on purpose: one test needs a key that is too short. */
  @SuppressWarnings("deprecation")
  static String sign(JWSHeader header, JWTClaimsSet claims, RSAKey key) {
    try {
      return sign(
          header,
          claims,
          new RSASSASigner(key.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  static String es256(JWTClaimsSet claims) {
    try {
      return sign(
          new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("e1").build(),
          claims,
          new ECDSASigner(EC));
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  static String hs256(byte[] secret, String keyId, JWTClaimsSet claims) {
    try {
      return sign(
          new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).keyID(keyId).build(),
          claims,
          new MACSigner(secret));
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  private static RSAKey rsa(String id, int bits) {
    try {
      return new RSAKeyGenerator(bits, true).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static ECKey ec() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("e1").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  static Identity identity(String user) {
    return new Identity(
        user,
        io.carillon.core.Grants.everything(false),
        NOW.minusSeconds(10),
        NOW.plusSeconds(600));
  }

  /** Nobody is banned. */
  static BanList noBans() {
    return new BanList(
        new Bans() {
          @Override
          public void ban(Ban ban) {
            throw new UnsupportedOperationException();
          }

          @Override
          public boolean lift(String user) {
            return false;
          }

          @Override
          public List<Ban> active() {
            return List.of();
          }
        },
        CLOCK);
  }

  /** A store of revocations in memory. */
  static final class MemoryRevocations implements Revocations {
    private record Row(String user, Instant before, Instant at) {}

    private final Map<String, Row> rows = new HashMap<>();

    /** The store's time; to be moved by a test. */
    Instant now = NOW;

    /** How many rows the last read gave. */
    int read;

    @Override
    public void revoke(String user, Instant before) {
      Row old = rows.get(user);
      Instant latest = old != null && old.before.isAfter(before) ? old.before : before;
      rows.put(user, new Row(user, latest, now));
    }

    @Override
    public RevocationChanges since(Instant from) {
      Map<String, Instant> before = new HashMap<>();
      rows.values().stream()
          .filter(row -> row.at.isAfter(from))
          .forEach(row -> before.put(row.user, row.before));
      read = before.size();
      return new RevocationChanges(before, now);
    }

    @Override
    public void forget(Duration age) {
      rows.values().removeIf(row -> row.at.isBefore(now.minus(age)));
    }
  }
}
