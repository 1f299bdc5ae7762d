package io.carillon.core.json;

import java.util.random.RandomGenerator;

/** Makes random JSON texts, valid ones and nearly valid ones, from a seed. */
final class RandomJson {
  private static final String[] SPACES = {"", "", "", " ", "\n", "\t", "\r\n", "  "};
  private static final String[] STRINGS = {
    "a",
    "é",
    "\\n",
    "\\u0000",
    "\\\"",
    "\\\\",
    "\\/",
    "😀",
    "\\ud83d\\ude00",
    "\u2028",
    "\\u00e9",
    "\u007f"
  };
  private static final String[] NUMBERS = {
    "0", "-0", "1", "-17", "0.5", "-0.25", "1e3", "1E+3", "2.5e-3", "9007199254740993", "1e-999"
  };
  private static final String[] NASTY = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "0",
    "-",
    ".",
    "e",
    "\n",
    "\0",
    "\ud800",
    "\udc00",
    "\\ud800",
    "null",
    "tru",
    "NaN",
    "Infinity",
    "'",
    "/*",
    "//",
    "\ufeff",
    "\u00a0",
    "{\"a\":1,\"a\":2}"
  };

  private final RandomGenerator random;

  RandomJson(RandomGenerator random) {
    this.random = random;
  }

  String value(int depth) {
    return space() + bare(depth) + space();
  }

  /** A valid text with one small thing put in, taken out or doubled somewhere. */
  String broken(int depth) {
    String text = value(depth);
    int at = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), at + random.nextInt(3));
    return text.substring(0, at) + pick(NASTY) + text.substring(random.nextBoolean() ? at : to);
  }

  private String bare(int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> pick("true", "false", "null");
      case 1 -> pick(NUMBERS);
      case 2, 3 -> string();
      case 4 -> array(depth - 1);
      default -> object(depth - 1);
    };
  }

  private String array(int depth) {
    StringBuilder out = new StringBuilder("[").append(space());
    for (int i = random.nextInt(4); i > 0; i--) {
      out.append(value(depth)).append(i > 1 ? "," : "");
    }
    return out.append(']').toString();
  }

  private String object(int depth) {
    StringBuilder out = new StringBuilder("{").append(space());
    int members = random.nextInt(12);
    for (int i = 0; i < members; i++) {
      out.append(i > 0 ? "," : "").append(space()).append("\"k").append(i).append(inner());
      out.append('"').append(space()).append(':').append(value(depth));
    }
    return out.append('}').toString();
  }

  private String string() {
    return '"' + inner() + inner() + '"';
  }

  private String inner() {
    return random.nextInt(3) == 0 ? "" : pick(STRINGS);
  }

  private String space() {
    return pick(SPACES);
  }

  private String pick(String... of) {
    return of[random.nextInt(of.length)];
  }
}
