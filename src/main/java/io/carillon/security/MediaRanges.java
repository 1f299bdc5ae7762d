package io.carillon.security;

/**
 * Syntax check of {@code Content-Type} and {@code Accept} (RFC 9110, 8.3 and 12.5.1). One pass,
 * character by character, for any input.
 */
final class MediaRanges {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  private static final int MAX_WEIGHT = 10;

  private final String text;
  private int at;

  private MediaRanges(String text) {
    this.text = text;
  }

  /** Whether it is one media type, with or without parameters. */
  static boolean isType(String text) {
    MediaRanges all = new MediaRanges(text);
    all.spaces();
    return all.range() && all.at == text.length();
  }

  /** Whether it is a list of media ranges; an empty one is. */
  static boolean areRanges(String text) {
    MediaRanges all = new MediaRanges(text);
    all.spaces();
    while (all.at < text.length()) {
      if (all.next(',')) {
        all.spaces();
      } else if (!all.range() || (all.at < text.length() && text.charAt(all.at) != ',')) {
        return false;
      }
    }
    return true;
  }

  /** An asterisk alone is what the JDK's oldest client sends, and a parameter may be empty. */
  private boolean range() {
    int begin = at;
    if (!token() || (!(next('/') && token()) && !text.substring(begin, at).equals("*"))) {
      return false;
    }
    spaces();
    while (next(';')) {
      spaces();
      if (at < text.length() && isTokenCharacter(text.charAt(at)) && !parameter()) {
        return false;
      }
      spaces();
    }
    return true;
  }

  private boolean parameter() {
    int name = at;
    if (!token()) {
      return false;
    }
    boolean weight = text.regionMatches(true, name, "q", 0, at - name);
    if (!next('=')) {
      return false;
    }
    int value = at;
    if (next('"')) {
      return !weight && quoted();
    }
    return token() && (!weight || isWeight(text.substring(value, at)));
  }

  /** A decimal number from 0 to 1; also without a digit before the point, as some write it. */
  private static boolean isWeight(String value) {
    boolean number =
        value.length() <= MAX_WEIGHT
            && value.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))
            && value.chars().filter(c -> c == '.').count() <= 1
            && !value.equals(".");
    return number && Float.parseFloat(value) <= 1;
  }

  private boolean quoted() {
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return true;
      }
      if (c == '\\') {
        at++;
      } else if (c < ' ' && c != '\t') {
        return false;
      }
    }
    return false;
  }

  private boolean token() {
    int begin = at;
    while (at < text.length() && isTokenCharacter(text.charAt(at))) {
      at++;
    }
    return at > begin;
  }

  private static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_SIGNS.indexOf(c) >= 0;
  }

  private boolean next(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void spaces() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }
}
