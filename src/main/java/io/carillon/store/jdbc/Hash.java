package io.carillon.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Hash under which a secret is stored, enough to recognise the secret and of no use to a reader of
 * the table.
 */
final class Hash {
  private Hash() {}

  /** The SHA-256 of the text's UTF-8. */
  static byte[] of(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
