package io.carillon.core;

import java.util.Objects;

/**
 * The name of a room: 1–200 characters of {@code A–Z a–z 0–9 _ - . : @ = , ~}, case-sensitive, not
 * {@code .} or {@code ..}, after exactly one percent-decoding.
 *
 * @param value the name as clients write it
 */
public record RoomName(String value) implements Comparable<RoomName> {
  /** Greatest length in characters (all of them ASCII). */
  public static final int MAX_LENGTH = 200;

  /** The namespace of a name without a colon. */
  public static final String DEFAULT_NAMESPACE = "default";

  /** The namespace that only the server itself writes to. */
  public static final String RESERVED_NAMESPACE = "carillon";

  private static final Ascii ALLOWED = Ascii.lettersDigitsAnd("_-.:@=,~");

  /**
   * Checks the name.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_ROOM} if it is not a room name
   */
  public RoomName {
    Objects.requireNonNull(value);
    if (!isValid(value)) {
      throw new RefusedException(ErrorCode.BAD_ROOM);
    }
  }

  /** Whether {@code value} may name a room. */
  public static boolean isValid(String value) {
    return ALLOWED.matches(value, 1, MAX_LENGTH) && !value.equals(".") && !value.equals("..");
  }

  /** What stands before the first colon, or {@value #DEFAULT_NAMESPACE} without one. */
  public String namespace() {
    int colon = value.indexOf(':');
    return colon < 0 ? DEFAULT_NAMESPACE : value.substring(0, colon);
  }

  /** Whether only the server itself may publish here. */
  public boolean reserved() {
    return namespace().equals(RESERVED_NAMESPACE);
  }

  @Override
  public int compareTo(RoomName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
