package io.carillon.core;

import java.util.Objects;

/**
 * Name of an event or a signal: 1–200 characters of {@code A–Z a–z 0–9 _ - . : / \}, not beginning
 * with {@code carillon:}.
 *
 * @param value the name as clients write it
 */
public record EventName(String value) {
  /** Greatest length in characters (all of them ASCII). */
  public static final int MAX_LENGTH = 200;

  private static final String RESERVED_PREFIX = "carillon:";
  private static final Ascii ALLOWED = Ascii.lettersDigitsAnd("_-.:/\\");

  /**
   * Checks the name.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_NAME} if it is not a name
   */
  public EventName {
    Objects.requireNonNull(value);
    if (!ALLOWED.matches(value, 1, MAX_LENGTH) || value.startsWith(RESERVED_PREFIX)) {
      throw new RefusedException(ErrorCode.BAD_NAME);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
