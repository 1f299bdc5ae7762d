package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.spi.ClusterSecrets;
import io.carillon.core.spi.Credentials;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCredentialsTest {
  private final Credentials credentials = Tokens.credentials(Tokens.settings(false));

  @Test
  void aGoodTokenTellsUserRightsAndTimes() {
    Identity who = credentials.verify(Tokens.rs256(Tokens.claims().build()));

    assertEquals("alice", who.user());
    assertTrue(who.grants().allow(Right.WRITE, new RoomName("chat:lobby")));
    assertFalse(who.grants().allow(Right.WRITE, new RoomName("orders:1")));
    assertFalse(who.grants().allow(Right.ADMIN, new RoomName("chat:lobby")));
    assertEquals(Tokens.NOW.minusSeconds(10), who.issuedAt());
    assertEquals(Tokens.NOW.plusSeconds(600), who.expiresAt());
  }

  @Test
  void withoutSubjectTheUpnIsTheUser() {
    JWTClaimsSet claims = Tokens.claims().subject(null).claim("upn", "bob@example.com").build();

    assertEquals("bob@example.com", credentials.verify(Tokens.rs256(claims)).user());
  }

  @Test
  void noneIsNoAlgorithm() {
    refused(new PlainJWT(Tokens.claims().build()).serialize());
    String payload = Tokens.rs256(Tokens.claims().build()).split("\\.", -1)[1];
    for (String alg : List.of("none", "None", "NONE", "nOnE")) {
      refused(header("{\"alg\":\"" + alg + "\"}") + '.' + payload + '.');
    }
  }

  @Test
  void thePublicKeyIsNoSecret() throws Exception {
    byte[] der = Tokens.RSA.toPublicKey().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    JWTClaimsSet claims = Tokens.claims().build();

    refused(Tokens.hs256(der, "k1", claims));
    refused(Tokens.hs256(pem.getBytes(StandardCharsets.US_ASCII), "k1", claims));
    Credentials withPem = Tokens.credentials(Tokens.settings(pem, "RS256", true));
    assertEquals("alice", withPem.verify(Tokens.rs256(claims)).user());
    refused(withPem, Tokens.hs256(pem.getBytes(StandardCharsets.US_ASCII), "k1", claims));
    refused(withPem, Tokens.hs256(der, "carillon-demo", claims));
  }

  @Test
  void onlyThePinnedAlgorithmCounts() {
    JWTClaimsSet claims = Tokens.claims().build();
    refused(Tokens.es256(claims));
    for (JWSAlgorithm other : List.of(JWSAlgorithm.RS512, JWSAlgorithm.PS256)) {
      refused(Tokens.sign(new JWSHeader.Builder(other).keyID("k1").build(), claims, Tokens.RSA));
    }

    Credentials ec =
        Tokens.credentials(Tokens.settings(Tokens.EC.toPublicJWK().toString(), "ES256", false));
    assertEquals("alice", ec.verify(Tokens.es256(claims)).user());
    refused(ec, Tokens.rs256(claims));
  }

  @Test
  void anEmptyOrChangedSignatureIsNone() {
    String[] parts = Tokens.rs256(Tokens.claims().build()).split("\\.", -1);
    refused(parts[0] + '.' + parts[1] + '.');
    refused(parts[0] + '.' + parts[1]);
    refused(parts[0] + '.' + parts[1] + '.' + Base64URL.encode(new byte[256]));
    String other =
        Base64URL.encode("{\"sub\":\"root\",\"iss\":\"" + Tokens.ISSUER + "\"}").toString();
    refused(parts[0] + '.' + other + '.' + parts[2]);
    for (String text : List.of("", ".", "..", "...", "a.b.c", "eyJ", "x".repeat(100_000))) {
      refused(text);
    }
  }

  @Test
  void aCriticalHeaderThatWeDoNotKnowIsRefused() {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID("k1")
            .criticalParams(Set.of("x-more"))
            .customParam("x-more", "1")
            .build();
    refused(Tokens.sign(header, Tokens.claims().build(), Tokens.RSA));
  }

  @Test
  void keysInTheHeaderAreNotLookedAt() throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID("k1")
            .jwk(Tokens.OTHER_RSA.toPublicJWK())
            .jwkURL(new URI("http://127.0.0.1:9/keys"))
            .x509CertURL(new URI("http://127.0.0.1:9/cert"))
            .build();
    refused(Tokens.sign(header, Tokens.claims().build(), Tokens.OTHER_RSA));
    assertEquals(
        "alice",
        credentials.verify(Tokens.sign(header, Tokens.claims().build(), Tokens.RSA)).user());
  }

  @Test
  void strangeKeyIdsFindNothing() {
    for (String id : List.of("../../etc/passwd", "' or 1=1 --", "http://127.0.0.1:9/", "k2", "")) {
      refused(
          Tokens.sign(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build(),
              Tokens.claims().build(),
              Tokens.OTHER_RSA));
    }
  }

  @Test
  void aWeakKeyDoesNotCount() {
    refused(
        Tokens.sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("weak").build(),
            Tokens.claims().build(),
            Tokens.WEAK_RSA));
  }

  @Test
  void otherKindsOfTokensAreRefused() {
    for (String type : List.of("logout+jwt", "dpop+jwt", "secevent+jwt")) {
      refused(
          Tokens.sign(
              new JWSHeader.Builder(JWSAlgorithm.RS256)
                  .keyID("k1")
                  .type(new JOSEObjectType(type))
                  .build(),
              Tokens.claims().build(),
              Tokens.RSA));
    }
  }

  @Test
  void issuerAndAudienceMustBeOurs() {
    refused(Tokens.rs256(Tokens.claims().issuer("https://evil.example").build()));
    refused(Tokens.rs256(Tokens.claims().issuer(null).build()));
    refused(Tokens.rs256(Tokens.claims().audience("other").build()));
    refused(Tokens.rs256(Tokens.claims().audience((String) null).build()));
    assertEquals(
        "alice",
        credentials
            .verify(Tokens.rs256(Tokens.claims().audience(List.of("x", "carillon")).build()))
            .user());
  }

  @Test
  void aTokenThatHasEndedIsRefusedAtOnce() {
    refused(Tokens.rs256(Tokens.claims().expirationTime(null).build()));
    refused(Tokens.rs256(expiring(Tokens.NOW.minusSeconds(61))));
    // Who were let in now would be sent away a second later: nothing is delivered beyond the end.
    refused(Tokens.rs256(expiring(Tokens.NOW.minusSeconds(10))));
    refused(Tokens.rs256(expiring(Tokens.NOW)));
    assertEquals(
        "alice", credentials.verify(Tokens.rs256(expiring(Tokens.NOW.plusSeconds(1)))).user());
  }

  @Test
  void aTokenOfAClockThatIsAheadIsToleratedByOneMinute() {
    Date soon = Date.from(Tokens.NOW.plusSeconds(60));
    assertEquals(
        "alice",
        credentials
            .verify(Tokens.rs256(Tokens.claims().notBeforeTime(soon).issueTime(soon).build()))
            .user());
    refused(
        Tokens.rs256(Tokens.claims().notBeforeTime(Date.from(Tokens.NOW.plusSeconds(61))).build()));
    refused(Tokens.rs256(Tokens.claims().issueTime(Date.from(Tokens.NOW.plusSeconds(61))).build()));
  }

  @Test
  void aUserIsOneStorableLineAndNoneOfOurs() {
    for (String user :
        List.of("", "a\nb", "a\u0000", "sql:postgres", "app:carillon", "x".repeat(257))) {
      refused(Tokens.rs256(Tokens.claims().subject(user).build()));
    }
    refused(Tokens.rs256(Tokens.claims().subject(null).build()));
    assertEquals(
        "Zoë 🙂",
        credentials.verify(Tokens.rs256(Tokens.claims().subject("Zoë 🙂").build())).user());
  }

  @Test
  void aClaimOfAnotherFormSpoilsTheToken() {
    for (Object claim :
        List.of("read", List.of("read"), Map.of("a", "read"), Map.of("a", List.of(1)), 7)) {
      refused(Tokens.rs256(Tokens.claims().claim("carillon", claim).build()));
    }
    Identity none =
        credentials.verify(Tokens.rs256(Tokens.claims().claim("carillon", null).build()));
    assertFalse(none.grants().allow(Right.READ, new RoomName("chat:lobby")));
  }

  @Test
  void demoTokensCountInDemoModeOnly() {
    ClusterSecrets shared = Tokens.secrets();
    DemoTokenDesk desk = new DemoTokenDesk(true, shared, new SecureRandom(), Tokens.CLOCK);
    String token = desk.issue("carol", false).secret();

    Identity who = with(shared, Tokens.settings(true)).verify(token);
    assertEquals("carol", who.user());
    assertTrue(who.grants().allow(Right.WRITE, new RoomName("anything")));
    assertFalse(who.grants().allowEverywhere(Right.ADMIN));
    assertEquals(Tokens.NOW.plusSeconds(3600), who.expiresAt());
    assertTrue(
        with(shared, SecuritySettings.demoOnly())
            .verify(desk.issue("root", true).secret())
            .grants()
            .allowEverywhere(Right.ADMIN));
    refused(with(shared, Tokens.settings(false)), token);
    refused(with(Tokens.secrets(), Tokens.settings(true)), token);
  }

  @Test
  void aTokenOfAnotherPurposeIsNoDemoToken() {
    ClusterSecrets oneForAll = (name, candidate) -> "A".repeat(43) + "=";
    OwnTokens stream =
        new OwnTokens("carillon-stream", oneForAll, new SecureRandom(), Tokens.CLOCK);
    String token =
        stream.issue(
            "mallory",
            io.carillon.core.Grants.everything(true),
            Tokens.NOW,
            Tokens.NOW.plusSeconds(60));
    refused(with(oneForAll, Tokens.settings(true)), token);
  }

  @Test
  void withoutKeyAndDemoNothingCounts() {
    SecuritySettings nothing =
        new SecuritySettings(
            null,
            null,
            null,
            "RS256",
            null,
            Set.of(),
            SecuritySettings.DEFAULT_CLOCK_SKEW,
            Set.of(),
            false,
            false);
    refused(Tokens.credentials(nothing), Tokens.rs256(Tokens.claims().build()));
  }

  @Test
  void eachIssuerHasItsOwnKeysAndUsersThoughTheKeysHaveOneName(@TempDir Path folder)
      throws Exception {
    Path keys = Files.writeString(folder.resolve("keys.json"), set(Tokens.OTHER_RSA));
    SecuritySettings usual = Tokens.settings(false);
    FurtherIssuer partner = FurtherIssuer.parse("partner|https://partner.example|" + keys);
    TokenCredentials both = Tokens.credentials(with(usual, partner));
    String own = Tokens.rs256(Tokens.claims().build());
    JWTClaimsSet theirs = Tokens.claims().issuer("https://partner.example").build();
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build();

    assertEquals("alice", both.verify(own).user());
    assertEquals(
        "partner:alice", both.verify(Tokens.sign(header, theirs, Tokens.OTHER_RSA)).user());
    refused(both, Tokens.sign(header, theirs, Tokens.RSA));
    refused(both, Tokens.sign(header, Tokens.claims().build(), Tokens.OTHER_RSA));
    refused(both, Tokens.rs256(Tokens.claims().issuer("https://third.example").build()));
    refused(both, Tokens.rs256(Tokens.claims().subject("partner:alice").build()));
    assertThrows(
        IllegalArgumentException.class, () -> Tokens.credentials(with(usual, partner, partner)));
    for (String bad : List.of("a|b", "A|b|c", "a||c", "a|b|", "a|b|c|d", "a:b|c|d")) {
      assertThrows(IllegalArgumentException.class, () -> FurtherIssuer.parse(bad), bad);
    }
  }

  private static String set(RSAKey key) {
    return "{\"keys\":[" + key.toPublicJWK() + "]}";
  }

  private static SecuritySettings with(SecuritySettings usual, FurtherIssuer... further) {
    return new SecuritySettings(
        usual.publicKey(),
        null,
        null,
        "RS256",
        usual.issuer(),
        usual.audiences(),
        usual.clockSkew(),
        Set.of(),
        false,
        false,
        List.of(further));
  }

  @Test
  void unsafeSettingsStopTheStart() {
    String key = Tokens.RSA.toPublicJWK().toString();
    for (String algorithm : List.of("HS256", "none", "EdDSA", "", "FROM_HEADER")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Tokens.credentials(Tokens.settings(key, algorithm, false)),
          algorithm);
    }
    for (String bad : List.of("no key", "{}", "{\"kty\":\"RSA\"}", "-----BEGIN PUBLIC KEY-----")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Tokens.credentials(Tokens.settings(bad, "RS256", false)),
          bad);
    }
    SecuritySettings noIssuer =
        new SecuritySettings(
            key,
            null,
            null,
            "RS256",
            null,
            Set.of(),
            SecuritySettings.DEFAULT_CLOCK_SKEW,
            Set.of(),
            false,
            false);
    assertThrows(IllegalArgumentException.class, () -> Tokens.credentials(noIssuer));
  }

  @Test
  void aRevokedTokenIsRefusedAndALaterOneIsNot() {
    Tokens.MemoryRevocations store = new Tokens.MemoryRevocations();
    RevocationList list = new RevocationList(store, Tokens.KEPT, Tokens.noBans());
    Credentials watched =
        new TokenCredentials(
            Tokens.settings(false), Tokens.secrets(), list, new SecureRandom(), Tokens.CLOCK);
    String token = Tokens.rs256(Tokens.claims().build());
    assertEquals("alice", watched.verify(token).user());

    store.revoke("alice", Tokens.NOW.minusSeconds(5));
    list.refresh();

    refused(watched, token);
    refused(watched, Tokens.rs256(Tokens.claims().issueTime(null).build()));
    assertEquals(
        "alice",
        watched
            .verify(Tokens.rs256(Tokens.claims().issueTime(Date.from(Tokens.NOW)).build()))
            .user());
  }

  private static JWTClaimsSet expiring(Instant at) {
    return Tokens.claims().expirationTime(Date.from(at)).build();
  }

  @Test
  void whileTheIssuerIsAwayNobodyIsToldThatATokenIsBad() {
    SecuritySettings usual = Tokens.settings(false);
    TokenCredentials remote =
        Tokens.credentials(
            new SecuritySettings(
                null,
                "http://127.0.0.1:9/keys",
                null,
                "RS256",
                Tokens.ISSUER,
                usual.audiences(),
                usual.clockSkew(),
                usual.allowedOrigins(),
                false,
                false));
    assertFalse(remote.keysAvailable());
    for (int i = 0; i < 5; i++) {
      RefusedException refused =
          assertThrows(
              RefusedException.class, () -> remote.verify(Tokens.rs256(Tokens.claims().build())));
      assertEquals(ErrorCode.OVERLOADED, refused.rejection().code());
      assertEquals("The keys of the issuer cannot be fetched.", refused.rejection().message());
      assertNotNull(refused.rejection().retryAfter());
    }
  }

  private static Credentials with(ClusterSecrets secrets, SecuritySettings settings) {
    return new TokenCredentials(
        settings,
        secrets,
        new RevocationList(Tokens.noRevocations(), Tokens.KEPT, Tokens.noBans()),
        new SecureRandom(),
        Tokens.CLOCK);
  }

  private static String header(String json) {
    return Base64URL.encode(json).toString();
  }

  private void refused(String token) {
    refused(credentials, token);
  }

  private static void refused(Credentials credentials, String token) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> credentials.verify(token), token);
    assertEquals(ErrorCode.UNAUTHENTICATED, refused.rejection().code());
  }
}
