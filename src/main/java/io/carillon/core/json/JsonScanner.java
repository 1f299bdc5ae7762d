package io.carillon.core.json;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Strict scanner of one JSON text of RFC 8259. Stricter than the grammar where leniency would let
 * two readers see two things: no duplicate keys, no lone surrogates (raw or escaped), bounded
 * depth, bounded numbers. One use, one thread.
 */
final class JsonScanner {
  /** Visitor of the direct children of the outermost object or array. */
  interface Children {
    /** An element of the array. */
    void element(int start, int end);

    /** A member of the object; {@code depth} of its value, 0 for a scalar. */
    void member(String key, int start, int end, int depth);
  }

  /** Longest number in characters. */
  static final int MAX_NUMBER_LENGTH = 64;

  /** Most digits of an exponent, leading zeros included. */
  static final int MAX_EXPONENT_DIGITS = 3;

  private final String text;
  private final int maxDepth;
  private final ErrorCode refusal;
  private final @Nullable Children children;
  private int at;
  private int depth;
  private int deepest;

  JsonScanner(String text, int maxDepth, ErrorCode refusal, @Nullable Children children) {
    this.text = text;
    this.maxDepth = maxDepth;
    this.refusal = refusal;
    this.children = children;
  }

  /** Scans the whole text, which must hold exactly one value. */
  void scan() {
    space();
    value();
    space();
    if (at != text.length()) {
      throw refuse();
    }
  }

  private void value() {
    switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  private void object() {
    enter();
    at++;
    space();
    if (peek() == '}') {
      leave();
      return;
    }
    JsonKeys keys = new JsonKeys();
    while (true) {
      String key = key();
      if (!keys.add(key)) {
        throw refuse();
      }
      space();
      expect(':');
      space();
      int start = at;
      if (depth == 1) {
        deepest = 1;
      }
      value();
      if (depth == 1 && children != null) {
        children.member(key, start, at, deepest - 1);
      }
      space();
      if (peek() == '}') {
        leave();
        return;
      }
      expect(',');
      space();
    }
  }

  private void array() {
    enter();
    at++;
    space();
    if (peek() == ']') {
      leave();
      return;
    }
    while (true) {
      int start = at;
      value();
      if (depth == 1 && children != null) {
        children.element(start, at);
      }
      space();
      if (peek() == ']') {
        leave();
        return;
      }
      expect(',');
      space();
    }
  }

  private void enter() {
    if (++depth > maxDepth) {
      throw refuse();
    }
    deepest = Math.max(deepest, depth);
  }

  private void leave() {
    depth--;
    at++;
  }

  private String key() {
    int start = at;
    boolean escaped = string();
    return escaped
        ? JsonStrings.decode(text, start + 1, at - 1)
        : text.substring(start + 1, at - 1);
  }

  /** Passes a string; tells whether it holds an escape. */
  private boolean string() {
    expect('"');
    boolean escaped = false;
    int length = text.length();
    while (at < length) {
      char c = text.charAt(at++);
      if (c == '"') {
        return escaped;
      }
      if (c == '\\') {
        escaped = true;
        escape();
      } else if (c < 0x20) {
        throw refuse();
      } else if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || at == length
            || !Character.isLowSurrogate(text.charAt(at))) {
          throw refuse();
        }
        at++;
      }
    }
    throw refuse();
  }

  private void escape() {
    char c = peek();
    at++;
    if (c == 'u') {
      char unit = hex();
      if (Character.isLowSurrogate(unit)) {
        throw refuse();
      }
      if (Character.isHighSurrogate(unit)) {
        expect('\\');
        expect('u');
        if (!Character.isLowSurrogate(hex())) {
          throw refuse();
        }
      }
    } else if ("\"\\/bfnrt".indexOf(c) < 0) {
      throw refuse();
    }
  }

  private char hex() {
    int unit = JsonStrings.hex(text, at);
    if (unit < 0) {
      throw refuse();
    }
    at += 4;
    return (char) unit;
  }

  private void number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    int whole = at;
    digits();
    if (text.charAt(whole) == '0' && at > whole + 1) {
      throw refuse();
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      char sign = peek();
      if (sign == '+' || sign == '-') {
        at++;
      }
      int exponent = at;
      digits();
      if (at - exponent > MAX_EXPONENT_DIGITS) {
        throw refuse();
      }
    }
    if (at - start > MAX_NUMBER_LENGTH) {
      throw refuse();
    }
  }

  private void digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw refuse();
    }
  }

  private void word(String word) {
    if (!text.startsWith(word, at)) {
      throw refuse();
    }
    at += word.length();
  }

  private void space() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw refuse();
    }
    return text.charAt(at);
  }

  private void expect(char c) {
    if (peek() != c) {
      throw refuse();
    }
    at++;
  }

  private RefusedException refuse() {
    return new RefusedException(refusal);
  }
}
