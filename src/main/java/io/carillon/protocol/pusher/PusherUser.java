package io.carillon.protocol.pusher;

import io.carillon.core.ErrorCode;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.Payload;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * User that an application has authenticated by its signature.
 *
 * @param id name within the application
 * @param state presence state for other members, a JSON object
 * @param watched ids of the users on its watchlist
 */
record PusherUser(String id, String state, Set<String> watched) {
  /** Maximum size of a watchlist. */
  static final int MOST_WATCHED = 100;

  /** Maximum length of an id: a user name of the core without the application's prefix. */
  private static final int MOST_ID = Publication.MAX_USER_LENGTH - 80;

  PusherUser {
    watched = Set.copyOf(watched);
    if (!isId(id)) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
  }

  /** Whether a user can have this id. */
  static boolean isId(String id) {
    return !id.isEmpty() && id.length() <= MOST_ID && id.indexOf('\0') < 0;
  }

  /**
   * Parses the member of a presence channel.
   *
   * @param channelData the signed JSON
   * @throws RefusedException if it has no valid {@code user_id}
   */
  static PusherUser member(String channelData) {
    JsonFields fields = parse(channelData);
    return new PusherUser(id(fields.raw("user_id")), state(fields), Set.of());
  }

  /**
   * Parses the user of a sign-in.
   *
   * @param userData the signed JSON
   * @throws RefusedException if it has no valid {@code id}
   */
  static PusherUser signedIn(String userData) {
    JsonFields fields = parse(userData);
    List<String> watched = fields.strings("watchlist");
    return new PusherUser(id(fields.raw("id")), state(fields), Set.copyOf(watched));
  }

  private static JsonFields parse(String json) {
    return JsonFields.parse(json, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
  }

  private static String state(JsonFields fields) {
    return Payload.state(PusherFrames.state(fields.raw("user_info")));
  }

  /** Id of a user: a string, or a number as it is written. */
  private static String id(@Nullable String raw) {
    if (raw == null) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    if (JsonText.isString(raw)) {
      return PusherData.string(raw);
    }
    if (!raw.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '-' || c == '.')) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    return raw;
  }
}
