package io.carillon.security;

/**
 * Detector of a JWT inside of a longer text. One pass and a fixed amount of state for any text: it
 * runs before any credential is checked, so its cost must be linear.
 */
final class TokenShape {
  private static final String HEADER = "eyJ";

  private TokenShape() {}

  /**
   * Whether three parts of base64url, with dots between them, stand somewhere in the text, and the
   * first holds the beginning of a header; the second and the third may be empty.
   */
  static boolean isIn(CharSequence text) {
    int matched = 0;
    boolean header = false;
    boolean second = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (second) {
          return true;
        }
        second = header;
        header = false;
        matched = 0;
      } else if (isPart(c)) {
        matched = c == HEADER.charAt(matched) ? matched + 1 : c == HEADER.charAt(0) ? 1 : 0;
        if (matched == HEADER.length()) {
          header = true;
          matched = 0;
        }
      } else {
        second = false;
        header = false;
        matched = 0;
      }
    }
    return false;
  }

  private static boolean isPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
