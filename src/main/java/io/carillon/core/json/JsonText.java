package io.carillon.core.json;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks and predicates of JSON texts. "Refused" below means a {@link RefusedException} with the
 * caller's code.
 */
public final class JsonText {
  /** Deepest nesting of arrays and objects in a payload. */
  public static final int MAX_DEPTH = 32;

  private JsonText() {}

  /**
   * Checks that the text is exactly one JSON value: RFC 8259, no duplicate keys, no lone surrogates
   * (raw or escaped), numbers of at most 64 characters with exponents of at most three digits.
   *
   * @param maxDepth deepest nesting; a scalar has depth 0, {@code []} has depth 1
   * @throws RefusedException with {@code refusal} if it is not
   */
  public static void check(String text, int maxDepth, ErrorCode refusal) {
    new JsonScanner(text, maxDepth, refusal, null).scan();
  }

  /**
   * The elements of an array as slices of its text, after the whole text was checked as by {@link
   * #check}.
   *
   * @param maxElements more elements than this are refused with {@link ErrorCode#TOO_LARGE}
   * @throws RefusedException with {@code refusal} if the text is not a JSON array
   */
  public static List<String> elements(
      String text, int maxDepth, int maxElements, ErrorCode refusal) {
    if (!isArray(text)) {
      throw new RefusedException(refusal);
    }
    List<String> elements = new ArrayList<>();
    JsonScanner.Children collect =
        new JsonScanner.Children() {
          @Override
          public void element(int start, int end) {
            if (elements.size() == maxElements) {
              throw new RefusedException(ErrorCode.TOO_LARGE);
            }
            elements.add(text.substring(start, end));
          }

          @Override
          public void member(String key, int start, int end, int depth) {}
        };
    new JsonScanner(text, maxDepth, refusal, collect).scan();
    return elements;
  }

  /** Whether the text, should it be JSON, is an array. */
  public static boolean isArray(String text) {
    return first(text) == '[';
  }

  /** Whether the text, should it be JSON, is an object. */
  public static boolean isObject(String text) {
    return first(text) == '{';
  }

  /** Whether the text, should it be JSON, is a string. */
  public static boolean isString(String text) {
    return first(text) == '"';
  }

  /**
   * The same JSON on one line: line breaks between tokens become spaces (inside strings there are
   * none). Gives the very same object where there is nothing to do.
   *
   * @param json a text that was checked
   */
  public static String oneLine(String json) {
    if (json.indexOf('\n') < 0 && json.indexOf('\r') < 0) {
      return json;
    }
    return json.replace('\n', ' ').replace('\r', ' ');
  }

  /** How many bytes the text takes in UTF-8; a lone surrogate counts as three. */
  public static int utf8Length(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // A surrogate pair takes four bytes: two for each of its halves.
        bytes += c < 0x800 ? 1 : pairAt(text, i) ? 1 : 2;
      }
    }
    return bytes;
  }

  private static boolean pairAt(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  private static char first(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
    }
    return 0;
  }
}
