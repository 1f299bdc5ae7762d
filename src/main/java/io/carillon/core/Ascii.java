package io.carillon.core;

/** A set of ASCII characters, to check names against in one pass without regular expressions. */
final class Ascii {
  private final boolean[] allowed = new boolean[128];

  private Ascii(String chars) {
    for (int i = 0; i < chars.length(); i++) {
      allowed[chars.charAt(i)] = true;
    }
  }

  static Ascii of(String chars) {
    return new Ascii(chars);
  }

  static Ascii lettersDigitsAnd(String more) {
    return new Ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".concat(more));
  }

  boolean matches(String value, int min, int max) {
    int length = value.length();
    if (length < min || length > max) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 128 || !allowed[c]) {
        return false;
      }
    }
    return true;
  }
}
