package io.carillon.socketio;

import jakarta.json.JsonValue;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * One value that a client has sent: JSON that may hold bytes at any place. Immutable. An emit or an
 * acknowledgement sends it on unchanged.
 */
public interface Argument {
  /** JSON text, with Socket.IO's placeholders in place of bytes. */
  String json();

  /** JSON-P value, with strings in base64 in place of bytes. */
  JsonValue value();

  /**
   * Value of a record or another class as JSON-B maps it, with {@code byte[]} for bytes.
   *
   * @return null for JSON's {@code null}
   * @throws IllegalArgumentException if it does not fit
   */
  <T> @Nullable T as(Class<T> type);

  /**
   * Value of a type with parameters, otherwise as {@link #as(Class)}.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  @Nullable Object as(Type type);

  /**
   * Value of a JSON string.
   *
   * @throws IllegalArgumentException if it is none
   */
  String string();

  /**
   * Copy of the bytes, if the value is nothing but bytes.
   *
   * @throws IllegalArgumentException if it is something else
   */
  byte[] bytes();

  /** Whether the value is nothing but bytes. */
  boolean isBytes();

  /** Whether the value is {@code null}, or was not sent. */
  boolean isNull();
}
