package io.carillon.bootstrap;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Decoder of passwords encoded by the server's own tools. The server's pools read every such form;
 * the connections that Carillon opens itself must be given the same password, or the pools would
 * work and nothing could be published.
 */
final class Passwords {
  private static final String XOR = "{xor}";
  private static final int MASK = '_';

  private Passwords() {}

  /**
   * The password behind a setting.
   *
   * @param text plain, or as {@code securityUtility encode} writes it
   * @throws IllegalArgumentException if only the server could read it
   */
  static String read(String text) {
    if (text.startsWith(XOR)) {
      return unmasked(text.substring(XOR.length()));
    }
    if (text.startsWith("{aes}") || text.startsWith("{aes-")) {
      throw new IllegalArgumentException(
          "an {aes} password can be read by the server only; give it plain, or with {xor}");
    }
    if (text.startsWith("{hash}")) {
      throw new IllegalArgumentException("a {hash} cannot be used to log in");
    }
    return text;
  }

  private static String unmasked(String encoded) {
    try {
      byte[] bytes = Base64.getDecoder().decode(encoded.strip());
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] ^= MASK;
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw new IllegalArgumentException("not a password with {xor}", notBase64);
    }
  }
}
