package io.carillon.protocol.pusher;

import io.carillon.core.ErrorCode;
import io.carillon.core.Member;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.protocol.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the Pusher protocol that the server sends. Their data is a string that contains JSON,
 * except for errors and client events. Stateless.
 */
final class PusherFrames {
  /** Ping of the server. */
  static final Message PING = new Message.Text("{\"event\":\"pusher:ping\",\"data\":{}}");

  /** Answer to a ping of the client. */
  static final Message PONG = new Message.Text("{\"event\":\"pusher:pong\",\"data\":{}}");

  /** Wraps a {@code user_info} that is no JSON object, for a presence state must be one. */
  private static final String INFO = "user_info";

  private PusherFrames() {}

  static Message established(String socketId, long activitySeconds) {
    JsonWriter data = object();
    data.field("socket_id", socketId).field("activity_timeout", activitySeconds);
    return event("pusher:connection_established", null, data);
  }

  /**
   * Error message.
   *
   * @param code 0: none, sent as {@code null}
   */
  static Message error(int code, String words) {
    JsonWriter out = object().field("event", "pusher:error").name("data").beginObject();
    if (code == 0) {
      out.rawField("code", "null");
    } else {
      out.field("code", code);
    }
    return end(out.field("message", words).endObject());
  }

  static Message subscriptionCount(String channel, String count) {
    JsonWriter data = object().rawField("subscription_count", count);
    return event("pusher_internal:subscription_count", channel, data);
  }

  static Message subscribed(String channel) {
    return event("pusher_internal:subscription_succeeded", channel, object());
  }

  /**
   * Confirmation of the subscription of a presence channel.
   *
   * @param members null: too many for a list, the count alone is sent
   */
  static Message subscribed(String channel, int count, @Nullable List<Member> members) {
    JsonWriter data = object().name("presence").beginObject();
    data.name("ids").beginArray();
    List<Member> all = members == null ? List.of() : members;
    all.forEach(member -> data.string(member.user()));
    data.endArray().name("hash").beginObject();
    all.forEach(member -> data.rawField(member.user(), info(member.state())));
    data.endObject().field("count", count).endObject();
    return event("pusher_internal:subscription_succeeded", channel, data);
  }

  static Message notSubscribed(String channel, String type, String words, int status) {
    JsonWriter data = object().field("type", type).field("error", words).field("status", status);
    return event("pusher:subscription_error", channel, data);
  }

  static Message cacheMiss(String channel) {
    return end(object().field("event", "pusher:cache_miss").field("channel", channel));
  }

  static Message memberAdded(String channel, Member member) {
    JsonWriter data = object().field("user_id", member.user());
    data.rawField("user_info", info(member.state()));
    return event("pusher_internal:member_added", channel, data);
  }

  static Message memberRemoved(String channel, String user) {
    return event("pusher_internal:member_removed", channel, object().field("user_id", user));
  }

  static Message signedIn(String userData) {
    return event("pusher:signin_success", null, object().field("user_data", userData));
  }

  static Message online(String user, boolean online) {
    JsonWriter data = object().name("events").beginArray().beginObject();
    data.field("name", online ? "online" : "offline");
    data.name("user_ids").beginArray().string(user).endArray().endObject().endArray();
    return event("pusher_internal:watchlist_events", null, data);
  }

  /** Presence state of a member with this {@code user_info}, raw JSON; null: none. */
  static String state(@Nullable String info) {
    return info != null && JsonText.isObject(info)
        ? info
        : object().rawField(INFO, info == null ? "null" : info).endObject().toString();
  }

  /** The {@code user_info} of a presence state, raw JSON. */
  private static String info(String state) {
    if (!state.contains(INFO)) {
      return state;
    }
    JsonFields fields = JsonFields.parse(state, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
    String raw = fields.raw(INFO);
    return raw != null && fields.names().size() == 1 && !JsonText.isObject(raw) ? raw : state;
  }

  private static JsonWriter object() {
    return new JsonWriter(new StringBuilder(128)).beginObject();
  }

  private static Message event(String name, @Nullable String channel, JsonWriter data) {
    JsonWriter out = object().field("event", name).optional("channel", channel);
    return end(out.field("data", data.endObject().toString()));
  }

  private static Message end(JsonWriter out) {
    return new Message.Text(out.endObject().toString());
  }
}
