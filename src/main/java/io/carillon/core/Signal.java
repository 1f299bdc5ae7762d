package io.carillon.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ephemeral message to a room or to one user in it; never stored, without a guaranteed order.
 *
 * @param room the room
 * @param name the signal's name
 * @param content any JSON value, or bytes
 * @param by the sender, from the credential
 * @param from the sending connection; empty where there is none (REST)
 * @param to the only user to get it, or null for all
 */
public record Signal(
    RoomName room, EventName name, Content content, String by, String from, @Nullable String to) {
  /** Greatest size of its content in bytes, for JSON in UTF-8. */
  public static final int MAX_DATA_BYTES = 64 * 1024;

  /** Checks that nothing required is missing. */
  public Signal {
    Objects.requireNonNull(room);
    Objects.requireNonNull(name);
    Objects.requireNonNull(content);
    Objects.requireNonNull(by);
    Objects.requireNonNull(from);
  }

  /** A signal of JSON. */
  public Signal(
      RoomName room, EventName name, String json, String by, String from, @Nullable String to) {
    this(room, name, Content.json(json), by, from, to);
  }
}
