package io.carillon.protocol.json;

import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.HistoryQuery;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.Payload;
import org.jspecify.annotations.Nullable;

/** Parser of the fields of a frame into a command. Unknown fields are ignored. */
final class CommandReader {
  /** The page size of {@code members} when none is asked for, and the greatest. */
  private static final int MEMBERS_LIMIT = 1000;

  private final JsonFields fields;
  private final @Nullable String ref;

  private CommandReader(JsonFields fields, @Nullable String ref) {
    this.fields = fields;
    this.ref = ref;
  }

  /** Reads one command; throws {@link RefusedException} with what is wrong. */
  static Command read(JsonFields fields, @Nullable String ref) {
    return new CommandReader(fields, ref).read();
  }

  private Command read() {
    return switch (fields.requiredString("type")) {
      case "join" -> join();
      case "leave" -> new Command.Leave(ref, room());
      case "publish" ->
          new Command.Publish(ref, room(), name(), data(), text("key", ErrorCode.BAD_DATA), meta());
      case "signal" ->
          new Command.SendSignal(ref, room(), name(), data(), text("to", ErrorCode.BAD_FRAME));
      case "track" -> new Command.Track(ref, room(), state(fields.raw("state")));
      case "untrack" -> new Command.Untrack(ref, room());
      case "members" ->
          new Command.Members(
              ref,
              room(),
              count("limit", MEMBERS_LIMIT, 1, MEMBERS_LIMIT),
              text("page", ErrorCode.BAD_FRAME));
      case "history" -> new Command.History(ref, history());
      case "auth" -> new Command.Auth(ref, fields.requiredString("token"));
      case "ping" -> new Command.Ping(ref);
      case "pong" -> new Command.Pong(ref);
      default -> throw new RefusedException(ErrorCode.BAD_FRAME);
    };
  }

  private HistoryQuery history() {
    int last = count("last", 0, 0, HistoryQuery.MAX_LIMIT);
    int limit = last > 0 ? last : HistoryQuery.DEFAULT_LIMIT;
    return new HistoryQuery(
        room(),
        cursor("after"),
        cursor("before"),
        last,
        count("limit", limit, 1, HistoryQuery.MAX_LIMIT));
  }

  private Command join() {
    return new Command.Join(
        ref,
        room(),
        cursor("after"),
        count("last", 0, 0, HistoryQuery.MAX_LIMIT),
        presence(),
        fields.bool("signals", true),
        fields.bool("echo", true));
  }

  private PresenceMode presence() {
    String raw = fields.raw("presence");
    if (raw != null && JsonText.isObject(raw)) {
      JsonFields inner = JsonFields.parse(raw, 2 * JsonText.MAX_DEPTH, ErrorCode.BAD_FRAME);
      return new PresenceMode.FollowAndTrack(state(inner.raw("state")));
    }
    return fields.bool("presence", false) ? PresenceMode.FOLLOW : PresenceMode.NONE;
  }

  private static String state(@Nullable String raw) {
    if (raw == null) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    return Payload.state(raw);
  }

  private RoomName room() {
    return new RoomName(required("room", ErrorCode.BAD_ROOM));
  }

  private EventName name() {
    return new EventName(required("name", ErrorCode.BAD_NAME));
  }

  private @Nullable Cursor cursor(String field) {
    String text = text(field, ErrorCode.BAD_CURSOR);
    return text == null ? null : Cursor.parse(text);
  }

  /** Checked with the frame already, all but its depth. */
  private String data() {
    String raw = fields.raw("data");
    if (raw == null || fields.depth("data") > JsonText.MAX_DEPTH) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    return JsonText.oneLine(raw);
  }

  private @Nullable String meta() {
    String raw = fields.raw("meta");
    return raw == null || raw.equals("null") ? null : Payload.meta(raw);
  }

  private int count(String field, int absent, int min, int max) {
    long value = fields.integer(field, absent);
    if (value < min || value > max) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    return (int) value;
  }

  private String required(String field, ErrorCode refusal) {
    String value = text(field, refusal);
    if (value == null) {
      throw new RefusedException(refusal);
    }
    return value;
  }

  private @Nullable String text(String field, ErrorCode refusal) {
    String raw = fields.raw(field);
    if (raw == null || raw.equals("null")) {
      return null;
    }
    if (!JsonText.isString(raw)) {
      throw new RefusedException(refusal);
    }
    return fields.string(field);
  }
}
