package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import org.jspecify.annotations.Nullable;

/** Values of query parameters. */
final class QueryValues {
  private QueryValues() {}

  /**
   * A switch: absent or {@code false}, present without a value or {@code true}.
   *
   * @throws RefusedException {@code bad_frame} for anything else
   */
  static boolean flag(@Nullable String text) {
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true") || text.isEmpty()) {
      return true;
    }
    throw new RefusedException(ErrorCode.BAD_FRAME);
  }

  /**
   * A whole number from 1.
   *
   * @throws RefusedException {@code bad_frame} for anything else
   */
  static int number(@Nullable String text, int absent, int most) {
    long value = number(text, (long) absent);
    if (value > most) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    return (int) value;
  }

  /**
   * A whole number from 1, of any size.
   *
   * @throws RefusedException {@code bad_frame} for anything else
   */
  static long number(@Nullable String text, long absent) {
    try {
      long value = text == null ? absent : Long.parseLong(text);
      if (value >= 1) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // Answered below, as what is no number from 1.
    }
    throw new RefusedException(ErrorCode.BAD_FRAME);
  }
}
