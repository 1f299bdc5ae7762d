package io.carillon.api;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.Identity;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.Payload;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.AppendResult;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Event as a request body asks for it: checked, not yet allowed.
 *
 * @param key the publisher's key, as {@code Publication.key()} has it, or null
 */
record Draft(
    RoomName room, EventName name, Content content, @Nullable String key, @Nullable String meta) {
  /** A body may nest {@code data} once, and an array of such bodies once more. */
  private static final int MAX_BODY_DEPTH = JsonText.MAX_DEPTH + 2;

  /**
   * Reads {@code {"name","data","key"?,"meta"?}} and, where the path does not tell, {@code "room"}.
   *
   * @param room what the path says, or null
   * @param key what a header says, or null; it wins over the body
   */
  static Draft read(String body, @Nullable RoomName room, @Nullable String key) {
    JsonFields fields = fields(body);
    RoomName target =
        room == null ? new RoomName(required(fields, "room", ErrorCode.BAD_ROOM)) : room;
    EventName name = new EventName(required(fields, "name", ErrorCode.BAD_NAME));
    String raw = fields.raw("data");
    if (raw == null || fields.depth("data") > JsonText.MAX_DEPTH) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    return new Draft(
        target,
        name,
        Content.json(JsonText.oneLine(raw)),
        key == null ? Publication.checkKey(text(fields, "key", ErrorCode.BAD_DATA)) : key,
        meta(fields.raw("meta")));
  }

  /**
   * An event of bytes, whose members stand in the query: {@code name}, {@code key}?, {@code meta}?.
   *
   * @param key what a header says, or null; it wins over the query
   */
  static Draft read(
      byte[] body, MultivaluedMap<String, String> query, RoomName room, @Nullable String key) {
    String name = only(query, "name", ErrorCode.BAD_NAME);
    if (name == null) {
      throw new RefusedException(ErrorCode.BAD_NAME);
    }
    String asked = Publication.checkKey(only(query, "key", ErrorCode.BAD_DATA));
    String meta = only(query, "meta", ErrorCode.BAD_DATA);
    return new Draft(
        room,
        new EventName(name),
        Content.bytes(body),
        key == null ? asked : key,
        meta == null ? null : Payload.meta(meta));
  }

  /** A parameter of the query, or null; one that is there twice is refused with this code. */
  private static @Nullable String only(
      MultivaluedMap<String, String> query, String name, ErrorCode refusal) {
    List<String> values = query.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new RefusedException(refusal);
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** The same with the trace context of its call, if there is one. */
  Draft traced(@Nullable String context) {
    return new Draft(room, name, content, key, TraceContext.into(meta, context));
  }

  /** Publishes it, with the rights and limits of the front door. */
  CompletableFuture<AppendResult> publish(Rooms rooms, Identity who) {
    return rooms.publish(who, room, name, content, key, meta, null);
  }

  /** The bodies in an array of them. */
  static List<String> elements(String body, int max) {
    return JsonText.elements(body, MAX_BODY_DEPTH + 1, max, ErrorCode.BAD_FRAME);
  }

  /** The members of a body that must be one JSON object. */
  static JsonFields fields(String body) {
    return JsonFields.parse(body, MAX_BODY_DEPTH, ErrorCode.BAD_FRAME);
  }

  /** A string that must be there; anything else is refused with this code. */
  static String required(JsonFields fields, String name, ErrorCode refusal) {
    String value = text(fields, name, refusal);
    if (value == null) {
      throw new RefusedException(refusal);
    }
    return value;
  }

  /** A string, or null if it is absent or {@code null}; anything else is refused with this code. */
  static @Nullable String text(JsonFields fields, String name, ErrorCode refusal) {
    String raw = fields.raw(name);
    if (raw == null || raw.equals("null")) {
      return null;
    }
    if (!JsonText.isString(raw)) {
      throw new RefusedException(refusal);
    }
    return fields.string(name);
  }

  private static @Nullable String meta(@Nullable String raw) {
    return raw == null || raw.equals("null") ? null : Payload.meta(raw);
  }
}
