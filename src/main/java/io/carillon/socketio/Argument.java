package io.carillon.socketio;

import jakarta.json.JsonValue;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * One value that a client has sent: JSON that may hold bytes at any place. Immutable. Passed to an
 * emit or an acknowledgement it goes out as it came in.
 */
public interface Argument {
  /** As JSON text; bytes are in it as placeholders of Socket.IO, as on the wire. */
  String json();

  /** As JSON-P has it; bytes are strings in base64. */
  JsonValue value();

  /**
   * As JSON-B maps it to a record or another class; bytes are {@code byte[]}.
   *
   * @return null for JSON's {@code null}
   * @throws IllegalArgumentException if it does not fit
   */
  <T> @Nullable T as(Class<T> type);

  /**
   * The same for a type with parameters.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  @Nullable Object as(Type type);

  /**
   * A string.
   *
   * @throws IllegalArgumentException if it is none
   */
  String string();

  /**
   * The bytes that it is as a whole, a copy.
   *
   * @throws IllegalArgumentException if it is something else
   */
  byte[] bytes();

  /** Whether it is bytes as a whole. */
  boolean isBytes();

  /** Whether it is {@code null}, or was not sent at all. */
  boolean isNull();
}
