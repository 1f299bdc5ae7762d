package io.carillon.socketio;

import org.jspecify.annotations.Nullable;

/** Refusal of a client, which gets it as {@code connect_error} and does not try again by itself. */
public final class ConnectRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient @Nullable Object data;

  /**
   * Creates a refusal.
   *
   * @param message the client's {@code error.message}
   */
  public ConnectRefusedException(String message) {
    this(message, null);
  }

  /**
   * Creates a refusal with data.
   *
   * @param message the client's {@code error.message}
   * @param data its {@code error.data}, what JSON-B maps and no bytes; null: none
   */
  public ConnectRefusedException(String message, @Nullable Object data) {
    super(message);
    this.data = data;
  }

  /** Value of the client's {@code error.data}. */
  public @Nullable Object data() {
    return data;
  }
}
