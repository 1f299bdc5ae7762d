package io.carillon.core.json;

/** Escapes of JSON strings, decoded and encoded. */
final class JsonStrings {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonStrings() {}

  /** Decodes the text between the quotes of a string that was scanned already. */
  static String decode(String text, int start, int end) {
    int escape = text.indexOf('\\', start);
    if (escape < 0 || escape >= end) {
      return text.substring(start, end);
    }
    StringBuilder out = new StringBuilder(end - start);
    int at = start;
    while (escape >= 0 && escape < end) {
      out.append(text, at, escape);
      char c = text.charAt(escape + 1);
      if (c == 'u') {
        out.append((char) hex(text, escape + 2));
        at = escape + 6;
      } else {
        out.append(unescape(c));
        at = escape + 2;
      }
      escape = text.indexOf('\\', at);
    }
    return out.append(text, at, end).toString();
  }

  /** Four hexadecimal digits as a number, or -1. */
  static int hex(String text, int at) {
    if (at + 4 > text.length()) {
      return -1;
    }
    int unit = 0;
    for (int i = at; i < at + 4; i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      unit = (unit << 4) | digit;
    }
    return unit;
  }

  /** Appends the value with quotes; a lone surrogate becomes U+FFFD. */
  static void append(StringBuilder out, String value) {
    out.append('"');
    int plain = 0;
    int length = value.length();
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\' || c < 0x20 || c == 0x7f) {
        out.append(value, plain, i);
        escape(out, c);
        plain = i + 1;
      } else if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < length
            && Character.isLowSurrogate(value.charAt(i + 1))) {
          i++;
        } else {
          out.append(value, plain, i).append('\ufffd');
          plain = i + 1;
        }
      }
    }
    out.append(value, plain, length).append('"');
  }

  private static void escape(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
    }
  }

  private static char unescape(char c) {
    return switch (c) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> c;
    };
  }
}
