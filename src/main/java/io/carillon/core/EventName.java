package io.carillon.core;

import java.util.Objects;

/**
 * Name of an event or a signal: 1–200 characters of {@code A–Z a–z 0–9 _ - . : / \}, not beginning
 * with {@code carillon:}. Whoever speaks the product's own protocols gives one of at most {@value
 * #MAX_LENGTH} characters and without a backslash ({@link #own}); guests have the names of classes.
 *
 * @param value the name as clients write it
 */
public record EventName(String value) {
  /** Greatest length of a name of our own protocols in characters (all of them ASCII). */
  public static final int MAX_LENGTH = 100;

  /** Greatest length of any name. */
  public static final int MAX_GUEST_LENGTH = 200;

  private static final String RESERVED_PREFIX = "carillon:";
  private static final Ascii OWN = Ascii.lettersDigitsAnd("_-.:/");
  private static final Ascii ALLOWED = Ascii.lettersDigitsAnd("_-.:/\\");

  /**
   * Checks the name.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_NAME} if it is not a name
   */
  public EventName {
    Objects.requireNonNull(value);
    if (!ALLOWED.matches(value, 1, MAX_GUEST_LENGTH) || value.startsWith(RESERVED_PREFIX)) {
      throw new RefusedException(ErrorCode.BAD_NAME);
    }
  }

  /**
   * A name as our own protocols allow it.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_NAME} if it is not one
   */
  public static EventName own(String value) {
    if (!OWN.matches(value, 1, MAX_LENGTH)) {
      throw new RefusedException(ErrorCode.BAD_NAME);
    }
    return new EventName(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
