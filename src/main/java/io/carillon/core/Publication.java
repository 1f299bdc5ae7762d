package io.carillon.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Event to append to a room's log, validated at the edge.
 *
 * @param room where to
 * @param id the publisher's key, or an id made by the server; unique per room and publisher for 24
 *     h; 1–128 printable ASCII characters
 * @param keyed whether the publisher chose {@code id}, so that the same may have come before; an id
 *     made by the server is remembered too, for the retry of an unknown outcome, but not looked up
 * @param name what happened
 * @param content any JSON value, or bytes
 * @param meta a flat JSON object of strings as text, at most 1 KiB, or null
 * @param by the publisher, from the credential
 * @param origin the publishing connection, or null
 * @param source whose {@code id} it is, where one publisher passes on what several sources number
 *     each for itself; at most 1 KiB; or null
 */
public record Publication(
    RoomName room,
    String id,
    boolean keyed,
    EventName name,
    Content content,
    @Nullable String meta,
    String by,
    @Nullable String origin,
    @Nullable String source) {
  /** Greatest length of a key in characters. */
  public static final int MAX_KEY_LENGTH = 128;

  /** Greatest length of a user name in characters, so that it fits every index. */
  public static final int MAX_USER_LENGTH = 256;

  /**
   * Checks the key and the publisher.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_DATA} if either is out of its bounds
   */
  public Publication {
    Objects.requireNonNull(room);
    Objects.requireNonNull(name);
    Objects.requireNonNull(content);
    if (!validKey(id) || by.isEmpty() || by.length() > MAX_USER_LENGTH) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
  }

  /** One of JSON whose publisher numbers its events itself. */
  public Publication(
      RoomName room,
      String id,
      boolean keyed,
      EventName name,
      String json,
      @Nullable String meta,
      String by,
      @Nullable String origin) {
    this(room, id, keyed, name, Content.json(json), meta, by, origin, null);
  }

  /**
   * What a retry is known by: the id, and behind a line end, which no id has, the source if there
   * is one.
   */
  public String key() {
    return key(id, source);
  }

  /** The key of an id of a source; see {@link #key()}. */
  public static String key(String id, @Nullable String source) {
    return source == null ? id : id + '\n' + source;
  }

  /** Whether {@code key} is 1–128 printable ASCII characters (space included). */
  public static boolean validKey(String key) {
    if (key.isEmpty() || key.length() > MAX_KEY_LENGTH) {
      return false;
    }
    return key.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  /**
   * The same key, or null.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_DATA} if it is neither null nor a key
   */
  public static @Nullable String checkKey(@Nullable String key) {
    if (key != null && !validKey(key)) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    return key;
  }

  /** A cheap estimate of its size on the way to the log, in bytes; used for bounds only. */
  public int weight() {
    return 128 + content.weight() + (meta == null ? 0 : meta.length());
  }
}
