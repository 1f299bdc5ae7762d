package io.carillon.protocol.socketio;

import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Content;
import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.HistoryQuery;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decoder of client events into commands. For one event, used by one thread. */
final class SocketIoCalls {
  private static final int MEMBERS_LIMIT = 1000;
  private static final String NO_OPTIONS = "{}";

  private final @Nullable String ref;
  private final List<String> arguments;
  private final byte @Nullable [] attachment;

  private SocketIoCalls(
      @Nullable String ref, List<String> arguments, byte @Nullable [] attachment) {
    this.ref = ref;
    this.arguments = arguments;
    this.attachment = attachment;
  }

  /**
   * Decodes an event.
   *
   * @param ref acknowledgement id, or null
   * @param name event name
   * @param arguments arguments as JSON texts
   * @param attachment the only binary attachment, or null
   * @throws RefusedException if an argument is wrong; with {@link ErrorCode#UNSUPPORTED} if the
   *     server knows no such event
   */
  static Command read(
      @Nullable String ref, String name, List<String> arguments, byte @Nullable [] attachment) {
    return new SocketIoCalls(ref, arguments, attachment).read(name);
  }

  private Command read(String name) {
    return switch (name) {
      case "join" -> join(options(1));
      case "leave" -> new Command.Leave(ref, room());
      case "publish" ->
          new Command.Publish(
              ref, room(), name(), content(), text(options(3), "key", ErrorCode.BAD_DATA), null);
      case "signal" ->
          new Command.SendSignal(
              ref, room(), name(), content(), text(options(3), "to", ErrorCode.BAD_FRAME));
      case "track" -> new Command.Track(ref, room(), state(argument(1)));
      case "untrack" -> new Command.Untrack(ref, room());
      case "members" -> members(options(1));
      case "history" -> new Command.History(ref, history(options(1)));
      case "auth" -> new Command.Auth(ref, string(0, ErrorCode.BAD_FRAME));
      default -> throw new RefusedException(ErrorCode.UNSUPPORTED);
    };
  }

  private Command join(JsonFields options) {
    RoomName room = room();
    if (CoreRoomNames.namespace(room) != null) {
      // The handler of the namespace decides about its rooms.
      throw new RefusedException(ErrorCode.UNSUPPORTED);
    }
    return new Command.Join(
        ref,
        room,
        cursor(options, "after"),
        count(options, "last", 0, 0, HistoryQuery.MAX_LIMIT),
        presence(options),
        true);
  }

  private static PresenceMode presence(JsonFields options) {
    String raw = options.raw("presence");
    if (raw != null && JsonText.isObject(raw)) {
      JsonFields inner = JsonFields.parse(raw, 2 * JsonText.MAX_DEPTH, ErrorCode.BAD_FRAME);
      return new PresenceMode.FollowAndTrack(state(inner.raw("state")));
    }
    return options.bool("presence", false) ? PresenceMode.FOLLOW : PresenceMode.NONE;
  }

  private Command members(JsonFields options) {
    return new Command.Members(
        ref,
        room(),
        count(options, "limit", MEMBERS_LIMIT, 1, MEMBERS_LIMIT),
        text(options, "page", ErrorCode.BAD_FRAME));
  }

  private HistoryQuery history(JsonFields options) {
    int last = count(options, "last", 0, 0, HistoryQuery.MAX_LIMIT);
    int limit = last > 0 ? last : HistoryQuery.DEFAULT_LIMIT;
    return new HistoryQuery(
        room(),
        cursor(options, "after"),
        cursor(options, "before"),
        last,
        count(options, "limit", limit, 1, HistoryQuery.MAX_LIMIT));
  }

  private RoomName room() {
    return new RoomName(string(0, ErrorCode.BAD_ROOM));
  }

  private EventName name() {
    return new EventName(string(1, ErrorCode.BAD_NAME));
  }

  /**
   * Content of an event: JSON, or an attachment that is the whole of it; not one inside of JSON.
   */
  private Content content() {
    String raw = argument(2);
    if (raw == null) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    if (attachment == null) {
      return Content.json(Payload.data(raw));
    }
    if (!isPlaceOfBytes(raw)) {
      throw new RefusedException(ErrorCode.UNSUPPORTED);
    }
    return Content.bytes(attachment);
  }

  private static boolean isPlaceOfBytes(String raw) {
    if (!JsonText.isObject(raw)) {
      return false;
    }
    JsonFields fields = JsonFields.parse(raw, 2 * JsonText.MAX_DEPTH, ErrorCode.BAD_FRAME);
    return "true".equals(fields.raw("_placeholder")) && "0".equals(fields.raw("num"));
  }

  private static String state(@Nullable String raw) {
    if (raw == null) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    return Payload.state(raw);
  }

  private @Nullable String argument(int index) {
    return index < arguments.size() ? arguments.get(index) : null;
  }

  private String string(int index, ErrorCode refusal) {
    String raw = argument(index);
    if (raw == null || !JsonText.isString(raw)) {
      throw new RefusedException(refusal);
    }
    return string(raw);
  }

  /** Value of a JSON string that was checked. */
  static String string(String raw) {
    return JsonFields.parse("{\"s\":" + raw + '}', 1, ErrorCode.BAD_FRAME).requiredString("s");
  }

  /** Options object after the other arguments; empty if it is missing or {@code null}. */
  private JsonFields options(int index) {
    String raw = argument(index);
    String options = raw == null || raw.equals("null") ? NO_OPTIONS : raw;
    return JsonFields.parse(options, 2 * JsonText.MAX_DEPTH, ErrorCode.BAD_FRAME);
  }

  private static @Nullable Cursor cursor(JsonFields options, String field) {
    String text = text(options, field, ErrorCode.BAD_CURSOR);
    return text == null ? null : Cursor.parse(text);
  }

  private static int count(JsonFields options, String field, int absent, int min, int max) {
    long value = options.integer(field, absent);
    if (value < min || value > max) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    return (int) value;
  }

  private static @Nullable String text(JsonFields options, String field, ErrorCode refusal) {
    String raw = options.raw(field);
    if (raw == null || raw.equals("null")) {
      return null;
    }
    if (!JsonText.isString(raw)) {
      throw new RefusedException(refusal);
    }
    return options.string(field);
  }
}
