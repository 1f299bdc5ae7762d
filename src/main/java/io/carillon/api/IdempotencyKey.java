package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Header {@code Idempotency-Key}: raw, or a quoted string as structured fields write it, where
 * {@code \"} and {@code \\} stand for the quote and the backslash.
 */
final class IdempotencyKey {
  static final String HEADER = "Idempotency-Key";

  private IdempotencyKey() {}

  /**
   * Reads the header.
   *
   * @param values all values of it; null or none: there is no key
   * @throws RefusedException with {@link ErrorCode#BAD_DATA} if it is no key, or there are several
   */
  static @Nullable String read(@Nullable List<String> values) {
    if (values == null || values.isEmpty()) {
      return null;
    }
    if (values.size() > 1) {
      throw bad();
    }
    String value = values.get(0).strip();
    return Publication.checkKey(value.startsWith("\"") ? unquote(value) : value);
  }

  private static String unquote(String value) {
    int end = value.length() - 1;
    if (end < 1 || value.charAt(end) != '"') {
      throw bad();
    }
    StringBuilder key = new StringBuilder(end);
    for (int i = 1; i < end; i++) {
      char c = value.charAt(i);
      if (c == '"') {
        throw bad();
      }
      if (c == '\\') {
        i++;
        if (i == end || (value.charAt(i) != '"' && value.charAt(i) != '\\')) {
          throw bad();
        }
        c = value.charAt(i);
      }
      key.append(c);
    }
    return key.toString();
  }

  private static RefusedException bad() {
    return new RefusedException(ErrorCode.BAD_DATA);
  }
}
