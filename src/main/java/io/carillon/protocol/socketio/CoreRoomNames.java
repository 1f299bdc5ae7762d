package io.carillon.protocol.socketio;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Names of the core's rooms that stand for rooms of namespaces: {@code socket.io:chat:lobby} is the
 * room {@code lobby} of {@code /chat}, {@code socket.io:chat} the namespace as a whole, {@code
 * socket.io::lobby} and {@code socket.io:} are those of {@code /}. A character that the core does
 * not allow is written as {@code ~XX} for each of its bytes in UTF-8.
 */
final class CoreRoomNames {
  /** Namespace of these rooms in the core. */
  static final String NAMESPACE = "socket.io";

  private static final String PREFIX = NAMESPACE + ':';
  private static final String PLAIN = "_-.@=,";
  private static final int HEX = 16;

  private CoreRoomNames() {}

  /**
   * Room of the core for a namespace as a whole.
   *
   * @param namespace with its slash
   * @throws RefusedException with {@link ErrorCode#BAD_ROOM} if the name is too long
   */
  static RoomName of(String namespace) {
    return new RoomName(PREFIX + escape(namespace.substring(1), PLAIN));
  }

  /**
   * Room of the core for a room of a namespace.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_ROOM} if both names are too long
   */
  static RoomName of(String namespace, String room) {
    return new RoomName(
        PREFIX + escape(namespace.substring(1), PLAIN) + ':' + escape(room, PLAIN + ':'));
  }

  /** Namespace of a room of the core, with its slash; null: it belongs to none. */
  static @Nullable String namespace(RoomName room) {
    String value = room.value();
    if (!value.startsWith(PREFIX)) {
      return null;
    }
    int end = value.indexOf(':', PREFIX.length());
    return '/' + unescape(value.substring(PREFIX.length(), end < 0 ? value.length() : end));
  }

  /**
   * Name of a room of the core in its namespace; null: it stands for the whole namespace, or
   * belongs to none.
   */
  static @Nullable String room(RoomName room) {
    String value = room.value();
    int end = value.startsWith(PREFIX) ? value.indexOf(':', PREFIX.length()) : -1;
    return end < 0 ? null : unescape(value.substring(end + 1));
  }

  private static String escape(String name, String plain) {
    StringBuilder out = new StringBuilder(name.length());
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (letter || plain.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('~')
            .append(Character.toUpperCase(Character.forDigit(c / HEX, HEX)))
            .append(Character.toUpperCase(Character.forDigit(c % HEX, HEX)));
      }
    }
    return out.toString();
  }

  private static String unescape(String name) {
    if (name.indexOf('~') < 0) {
      return name;
    }
    byte[] bytes = new byte[name.length()];
    int size = 0;
    for (int i = 0; i < name.length(); i++) {
      int code = name.charAt(i) == '~' ? hex(name, i + 1) : -1;
      bytes[size] = (byte) (code < 0 ? name.charAt(i) : code);
      size++;
      i += code < 0 ? 0 : 2;
    }
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  private static int hex(String name, int at) {
    if (at + 2 > name.length()) {
      return -1;
    }
    int high = Character.digit(name.charAt(at), HEX);
    int low = Character.digit(name.charAt(at + 1), HEX);
    return high < 0 || low < 0 ? -1 : high * HEX + low;
  }
}
