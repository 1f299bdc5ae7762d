package io.carillon.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import io.carillon.kit.AtEnd;
import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One server as in production, which the tests of this package share, and its issuer. */
final class ProductionServer {
  /** The only other origin whose pages may call it. */
  static final String LISTED = "https://app.example.com";

  private static final Cluster CLUSTER =
      AtEnd.shared(
          () ->
              Cluster.start(
                  1,
                  Map.of(
                      "CARILLON_DEMO",
                      "false",
                      "CARILLON_ALLOWED_ORIGINS",
                      LISTED,
                      "MP_JWT_VERIFY_PUBLICKEY",
                      new JWKSet(Tokens.RSA.toPublicJWK()).toString(),
                      "MP_JWT_VERIFY_ISSUER",
                      Tokens.ISSUER,
                      "MP_JWT_VERIFY_AUDIENCES",
                      Tokens.AUDIENCE)));

  private ProductionServer() {}

  static LibertyServer server() {
    return CLUSTER.server(0);
  }

  static URI uri() {
    return server().uri("/");
  }

  /** A good token for ten minutes with these rights. */
  static String token(String user, Map<String, List<String>> rights) {
    return token(user, Tokens.AUDIENCE, Duration.ofMinutes(10), Tokens.RSA, rights);
  }

  /** A token whose end is so far from now. */
  static String token(
      String user, String audience, Duration life, RSAKey key, Map<String, List<String>> rights) {
    Instant now = Instant.now();
    return Tokens.sign(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(),
        Tokens.claims()
            .subject(user)
            .audience(audience)
            .issueTime(Date.from(now.minusSeconds(120)))
            .expirationTime(Date.from(now.plus(life)))
            .claim("carillon", rights)
            .build(),
        key);
  }

  /** Every right but that of operators, in all rooms. */
  static String token(String user) {
    return token(user, Map.of("*", List.of("read", "write", "signal", "presence")));
  }

  /**
   * All that the server has written for people to read; what it must not say is looked for here.
   */
  static String logs() {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(server().messages().getParent())) {
      for (Path file :
          Stream.concat(files.filter(Files::isRegularFile), Stream.of(server().console()))
              .toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toString();
  }

  /** What the server has said line by line; without its dumps, of which it writes one a kind. */
  static String messages() {
    try {
      return Files.readString(server().messages(), StandardCharsets.ISO_8859_1)
          + Files.readString(server().console(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
