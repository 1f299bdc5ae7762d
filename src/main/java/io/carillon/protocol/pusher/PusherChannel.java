package io.carillon.protocol.pusher;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Channel of an application. A prefix of its name gives its type: {@code private-}, {@code
 * presence-}, {@code private-encrypted-}, each of them and none perhaps followed by {@code cache-};
 * {@code #server-to-user-ID} is the channel of one user.
 *
 * @param name as clients write it
 */
record PusherChannel(String name) {
  /** Prefix of the channel of one user. */
  static final String USER = "#server-to-user-";

  private static final String PRIVATE = "private-";
  private static final String PRESENCE = "presence-";
  private static final String ENCRYPTED = "private-encrypted-";
  private static final String CACHE = "cache-";

  /** Prefix, after the namespace, of rooms that are the channel of one user. */
  private static final String USER_ROOM = "~user.";

  /** Prefix of rooms whose members are the open connections of one user. */
  private static final String ONLINE_ROOM = "~online.";

  private static final String PLAIN = "_-=@,.";
  private static final char ESCAPE = '~';

  /**
   * Checks the name.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_ROOM} if it is not the name of a channel;
   *     unlike Pusher's, it has no semicolon
   */
  PusherChannel {
    String rest = name.startsWith(USER) ? name.substring(USER.length()) : name;
    boolean plain = name.startsWith(USER) || name.chars().allMatch(PusherChannel::isPlain);
    if (rest.isEmpty() || !plain || name.length() > RoomName.MAX_LENGTH) {
      throw new RefusedException(ErrorCode.BAD_ROOM);
    }
  }

  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || PLAIN.indexOf(c) >= 0;
  }

  /** Whether a subscription must be signed. */
  boolean isSigned() {
    return name.startsWith(PRIVATE) || isPresence();
  }

  boolean isPresence() {
    return isPresence(name);
  }

  /** Whether this is the name of a presence channel. */
  static boolean isPresence(String channel) {
    return channel.startsWith(PRESENCE);
  }

  boolean isEncrypted() {
    return name.startsWith(ENCRYPTED);
  }

  /** Whether a subscriber gets the last event first. */
  boolean isCache() {
    for (String before : new String[] {"", ENCRYPTED, PRIVATE, PRESENCE}) {
      if (name.startsWith(before + CACHE)) {
        return true;
      }
    }
    return false;
  }

  boolean isUser() {
    return name.startsWith(USER);
  }

  /** The user of the channel; only if {@link #isUser}. */
  String user() {
    return name.substring(USER.length());
  }

  /**
   * Room of the channel in an application's namespace.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_ROOM} if the name is too long together with
   *     the namespace
   */
  RoomName room(String namespace) {
    return new RoomName(namespace + ':' + (isUser() ? USER_ROOM + escaped(user()) : name));
  }

  /** The room whose members are the open connections of a user. */
  static RoomName online(String namespace, String user) {
    return new RoomName(namespace + ':' + ONLINE_ROOM + escaped(user));
  }

  /** User whose connections are the members of the room; null: it is no such room. */
  static @Nullable String onlineUser(RoomName room) {
    String local = local(room);
    return local.startsWith(ONLINE_ROOM) ? plain(local.substring(ONLINE_ROOM.length())) : null;
  }

  /** Channel name of a room; may have characters that clients cannot subscribe with. */
  static String nameOf(RoomName room) {
    String local = local(room);
    return local.startsWith(USER_ROOM) ? USER + plain(local.substring(USER_ROOM.length())) : local;
  }

  /** Whether clients can subscribe to the room's channel, so that lists of channels have it. */
  static boolean isListed(RoomName room) {
    return local(room).chars().allMatch(PusherChannel::isPlain);
  }

  private static String local(RoomName room) {
    return room.value().substring(room.value().indexOf(':') + 1);
  }

  /**
   * Escapes each UTF-8 byte that channel names do not allow: a tilde and two hexadecimal digits.
   */
  private static String escaped(String user) {
    StringBuilder out = new StringBuilder(user.length());
    for (byte b : user.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0 && (isPlain(b) || b == ':')) {
        out.append((char) b);
      } else {
        out.append(ESCAPE).append(String.format("%02X", b & 0xff));
      }
    }
    return out.toString();
  }

  private static String plain(String escaped) {
    if (escaped.indexOf(ESCAPE) < 0) {
      return escaped;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      int high = i + 2 < escaped.length() ? Character.digit(escaped.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(escaped.charAt(i + 2), 16);
      if (c == ESCAPE && low >= 0) {
        bytes.write(high * 16 + low);
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return name;
  }
}
