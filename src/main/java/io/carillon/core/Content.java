package io.carillon.core;

import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

/**
 * Content of an event or a signal: a JSON value, or bytes. Opaque: checked once at the edge, then
 * stored and passed on as it came. Immutable.
 */
public sealed interface Content {
  /** A JSON value as text, checked already. */
  static Content json(String text) {
    return new Json(text);
  }

  /** Bytes, which are copied. */
  static Content bytes(byte[] bytes) {
    return new Binary(bytes.clone());
  }

  /**
   * The bytes that a text in base64 stands for (RFC 4648, section 4).
   *
   * @throws RefusedException with {@link ErrorCode#BAD_DATA} if it is none
   */
  static Content base64(String text) {
    try {
      return new Binary(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException notBase64) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
  }

  /** The one text that stands for it where there is only text: the JSON, or base64 of the bytes. */
  String text();

  /**
   * The length of {@link #text()}; a cheap estimate of its size, used for bounds in memory only.
   */
  int weight();

  /**
   * Any JSON value.
   *
   * @param text as it came in
   */
  record Json(String text) implements Content {
    /** Checks that there is a text. */
    public Json {
      Objects.requireNonNull(text);
    }

    @Override
    public int weight() {
      return text.length();
    }
  }

  /** Bytes that nobody but their readers understands; there may be none. */
  final class Binary implements Content {
    private final byte[] bytes;

    private Binary(byte[] own) {
      bytes = own;
    }

    /** How many. */
    public int size() {
      return bytes.length;
    }

    /** A copy of them. */
    public byte[] toArray() {
      return bytes.clone();
    }

    @Override
    public String text() {
      return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public int weight() {
      return (bytes.length + 2) / 3 * 4;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Binary same && Arrays.equals(bytes, same.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Binary[" + bytes.length + "]";
    }
  }
}
