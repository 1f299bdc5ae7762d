package io.carillon.security;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the credential filter.
 *
 * @param publicKey {@code mp.jwt.verify.publickey}: PEM, JWK or JWK set, or null
 * @param publicKeyLocation {@code mp.jwt.verify.publickey.location}: a file, a resource of the
 *     application, or an http(s) address of a JWK set; or null
 * @param issuerAuthorities {@code carillon.issuer.sslrootcert}: a file (PEM) of the only
 *     authorities that an https address of keys is trusted by; null: as the server trusts
 * @param algorithm {@code mp.jwt.verify.publickey.algorithm}: the one signature algorithm
 * @param issuer {@code mp.jwt.verify.issuer}: must be set if there is a key
 * @param audiences {@code mp.jwt.verify.audiences}: one of them must be in a token's {@code aud};
 *     empty: not checked
 * @param clockSkew {@code mp.jwt.verify.clock.skew}: tolerance for {@code nbf} and {@code iat}
 * @param allowedOrigins {@code carillon.allowed.origins}: besides the request's own
 * @param corsCredentials {@code carillon.cors.credentials}: whether CORS lets those pages send
 *     cookies
 * @param demo {@code carillon.demo}: whether demo tokens are made and accepted
 * @param furtherIssuers {@code carillon.issuers}: whose tokens are taken too
 */
public record SecuritySettings(
    @Nullable String publicKey,
    @Nullable String publicKeyLocation,
    @Nullable String issuerAuthorities,
    String algorithm,
    @Nullable String issuer,
    Set<String> audiences,
    Duration clockSkew,
    Set<String> allowedOrigins,
    boolean corsCredentials,
    boolean demo,
    List<FurtherIssuer> furtherIssuers) {
  /** The algorithm when none is set. */
  public static final String DEFAULT_ALGORITHM = "RS256";

  /** The tolerance when none is set. */
  public static final Duration DEFAULT_CLOCK_SKEW = Duration.ofSeconds(60);

  /** Copies the sets and checks the tolerance. */
  public SecuritySettings {
    audiences = Set.copyOf(audiences);
    allowedOrigins = Set.copyOf(allowedOrigins);
    furtherIssuers = List.copyOf(furtherIssuers);
    if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException("mp.jwt.verify.clock.skew must be 0 to 600 seconds");
    }
  }

  /** Settings of one issuer at the most. */
  public SecuritySettings(
      @Nullable String publicKey,
      @Nullable String publicKeyLocation,
      @Nullable String issuerAuthorities,
      String algorithm,
      @Nullable String issuer,
      Set<String> audiences,
      Duration clockSkew,
      Set<String> allowedOrigins,
      boolean corsCredentials,
      boolean demo) {
    this(
        publicKey,
        publicKeyLocation,
        issuerAuthorities,
        algorithm,
        issuer,
        audiences,
        clockSkew,
        allowedOrigins,
        corsCredentials,
        demo,
        List.of());
  }

  /** The same for a further issuer, with its own keys and no others. */
  SecuritySettings of(FurtherIssuer further) {
    return new SecuritySettings(
        null,
        further.location(),
        issuerAuthorities,
        algorithm,
        further.issuer(),
        audiences,
        clockSkew,
        allowedOrigins,
        corsCredentials,
        demo);
  }

  /** Whether tokens of an issuer can be verified at all. */
  public boolean hasKey() {
    return publicKey != null || publicKeyLocation != null;
  }

  /** Only demo tokens, no issuer; as the one-command run has it. */
  public static SecuritySettings demoOnly() {
    return new SecuritySettings(
        null,
        null,
        null,
        DEFAULT_ALGORITHM,
        null,
        Set.of(),
        DEFAULT_CLOCK_SKEW,
        Set.of(),
        false,
        true);
  }
}
