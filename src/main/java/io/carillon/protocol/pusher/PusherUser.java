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
 * User whom an application has vouched for.
 *
 * @param id as the application names it
 * @param state what others see of a member, a JSON object
 * @param watched whose coming and going it wants to know
 */
record PusherUser(String id, String state, Set<String> watched) {
  /** How many users one may watch. */
  static final int MOST_WATCHED = 100;

  /** Room for the name of the application before it. */
  private static final int MOST_ID = Publication.MAX_USER_LENGTH - 80;

  PusherUser {
    watched = Set.copyOf(watched);
    if (id.isEmpty() || id.length() > MOST_ID || id.indexOf('\0') >= 0) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
  }

  /**
   * The member of a presence channel.
   *
   * @param channelData what was signed
   * @throws RefusedException if nobody is named there
   */
  static PusherUser member(String channelData) {
    JsonFields fields = parse(channelData);
    return new PusherUser(id(fields.raw("user_id")), state(fields), Set.of());
  }

  /**
   * Who signed in.
   *
   * @param userData what was signed
   * @throws RefusedException if nobody is named there
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

  /** A string, or a number as it is written. */
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
