package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpsServer;
import io.carillon.kit.AtLength;
import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.TlsStore;
import io.carillon.kit.WarmStart;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped configuration with an issuer whose keys are behind TLS, as in production. */
final class IssuerOverTlsIT {
  @TempDir private Path folder;

  private volatile JWKSet served = new JWKSet(Tokens.RSA.toPublicJWK());

  private Path certificate;
  private TlsStore store;

  @BeforeEach
  void certify() throws Exception {
    certificate = folder.resolve("issuer.pem");
    store = new TlsStore(folder.resolve("issuer.p12"));
    store.keytool(
        "-genkeypair", "-keyalg", "RSA", "-dname", "CN=issuer", "-ext", "san=ip:127.0.0.1");
    store.keytool("-exportcert", "-rfc", "-file", certificate.toString());
    store.keytool(
        "-importcert", "-noprompt", "-alias", "authority", "-file", certificate.toString());
  }

  /** What the JDK trusts; the test's authority stands for a public one. */
  @AtLength
  @Test
  void keysComeOverTlsFromWhomTheJdkTrusts() throws Exception {
    String trust =
        "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
            .formatted(store.file(), TlsStore.PASSWORD);
    verifiesAndTakesANewKey(Map.of("JVM_ARGS", WarmStart.options() + " " + trust));
  }

  @Test
  void keysComeOverTlsFromAPrivateAuthority() throws Exception {
    verifiesAndTakesANewKey(Map.of("CARILLON_ISSUER_SSLROOTCERT", certificate.toString()));
  }

  private void verifiesAndTakesANewKey(Map<String, String> trust) throws Exception {
    HttpsServer issuer = issuer();
    Map<String, String> settings = new HashMap<>(trust);
    settings.put("CARILLON_DEMO", "false");
    settings.put(
        "MP_JWT_VERIFY_PUBLICKEY_LOCATION",
        "https://127.0.0.1:" + issuer.getAddress().getPort() + "/keys");
    settings.put("MP_JWT_VERIFY_ISSUER", Tokens.ISSUER);
    try (Cluster cluster = Cluster.start(1, settings);
        HttpClient http = HttpClient.newHttpClient()) {
      LibertyServer server = cluster.server(0);
      assertEquals(201, publish(http, server, token(Tokens.RSA)).statusCode());

      RSAKey fresh = new RSAKeyGenerator(2048).keyID("k2").generate();
      served = new JWKSet(List.of(Tokens.RSA.toPublicJWK(), fresh.toPublicJWK()));
      HttpResponse<String> answer = publish(http, server, token(fresh));
      if (answer.statusCode() == 503) {
        // The keys were fetched a moment ago; the answer says when they will be again.
        long seconds = answer.headers().firstValueAsLong("Retry-After").orElseThrow();
        assertTrue(seconds <= IssuerKeys.PAUSE.toSeconds(), () -> seconds + " s");
        TimeUnit.SECONDS.sleep(seconds);
        answer = publish(http, server, token(fresh));
      }
      assertEquals(201, answer.statusCode(), answer::body);
      String stranger = token(new RSAKeyGenerator(2048).keyID("k3").generate());
      assertTrue(publish(http, server, stranger).statusCode() > 400);
    } finally {
      issuer.stop(0);
    }
  }

  private static HttpResponse<String> publish(HttpClient http, LibertyServer server, String token) {
    return new Calls(http, server.uri("/"), token)
        .send("POST", "/api/rooms/" + RoomNames.fresh() + "/events", "{\"name\":\"n\",\"data\":1}");
  }

  private static String token(RSAKey key) {
    JWTClaimsSet claims =
        Tokens.claims()
            .issueTime(Date.from(Instant.now()))
            .expirationTime(Date.from(Instant.now().plusSeconds(600)))
            .claim("carillon", Map.of("*", List.of("read", "write")))
            .build();
    return Tokens.sign(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims, key);
  }

  private HttpsServer issuer() throws IOException, GeneralSecurityException {
    HttpsServer server = store.server();
    server.createContext(
        "/keys",
        exchange -> {
          byte[] body = served.toString().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}
