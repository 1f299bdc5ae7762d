package io.carillon.security;

import java.util.regex.Pattern;

/**
 * Issuer besides the one of {@code mp.jwt.verify.issuer}, with keys of its own. Its users are not
 * those of the other issuers: each is named with the issuer's name and a colon before the subject.
 *
 * @param name 1–32 of {@code a–z 0–9 -}
 * @param issuer the claim {@code iss}
 * @param location where its keys are: a file, a resource of the application, or an http(s) address
 */
public record FurtherIssuer(String name, String issuer, String location) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");
  private static final int PARTS = 3;

  /** Checks the name. */
  public FurtherIssuer {
    if (!NAME.matcher(name).matches() || issuer.isBlank() || location.isBlank()) {
      throw new IllegalArgumentException("must be name|issuer|location of the keys, each");
    }
  }

  /**
   * Reads {@code partner|https://id.partner.example|https://id.partner.example/keys}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static FurtherIssuer parse(String text) {
    String[] parts = text.split("[|]", -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("must be name|issuer|location of the keys, each");
    }
    return new FurtherIssuer(parts[0].strip(), parts[1].strip(), parts[2].strip());
  }

  /** How the names of its users begin. */
  String prefix() {
    return name + ':';
  }
}
