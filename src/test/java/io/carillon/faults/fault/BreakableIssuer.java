package io.carillon.faults.fault;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An issuer of tokens with its keys on a port of its own, which can be away. */
final class BreakableIssuer {
  private static final String NAME = "https://issuer.example";
  private static final Duration LIFE = Duration.ofHours(1);

  private final RSAKey key;
  private final int port;
  private @Nullable HttpServer server;

  /** One that is there. */
  BreakableIssuer() throws IOException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("f29").generate();
    port = start(0, key);
  }

  /** What makes an instance believe it. */
  Map<String, String> settings() {
    return Map.of(
        "MP_JWT_VERIFY_PUBLICKEY_LOCATION",
        "http://127.0.0.1:" + port + "/keys",
        "MP_JWT_VERIFY_ISSUER",
        NAME);
  }

  /** Nobody answers any more. */
  void away() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  /** It is there again. */
  void back() throws IOException {
    away();
    start(port, key);
  }

  /** It is there, but the key of that name is one that signed none of its tokens. */
  void backWithAnotherKey() throws IOException, JOSEException {
    away();
    start(port, new RSAKeyGenerator(2048).keyID(key.getKeyID()).generate());
  }

  private int start(int at, RSAKey published) throws IOException {
    byte[] keys = new JWKSet(published.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
    started.createContext(
        "/keys",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    started.start();
    server = started;
    return started.getAddress().getPort();
  }

  /** A token that may read and write everywhere. */
  String token(String user) throws JOSEException {
    Instant now = Instant.now();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer(NAME)
                .subject(user)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)))
                .claim("carillon", Map.of("*", List.of("read", "write")))
                .build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }
}
