package io.carillon.protocol.pusher;

import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.GuestApp;
import io.carillon.protocol.HttpAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Publishing over the HTTP API: answered when everything is in the log. */
final class PusherPublishing {
  private static final int MOST_CHANNELS = 100;
  private static final int MOST_EVENTS = 10;
  private static final int DEPTH = JsonText.MAX_DEPTH + 2;

  private final Rooms rooms;
  private final PusherQueries queries;

  PusherPublishing(Rooms rooms, PusherQueries queries) {
    this.rooms = rooms;
    this.queries = queries;
  }

  /**
   * One event for one channel.
   *
   * @param origin the connection that does not get it, or null
   */
  private record Draft(
      PusherChannel channel,
      RoomName room,
      EventName name,
      PusherData data,
      @Nullable String origin) {}

  /** One event for one channel or several. */
  HttpAnswer publish(GuestApp app, JsonFields fields) {
    List<String> names = new ArrayList<>(fields.strings("channels"));
    String single = fields.string("channel");
    if (single != null) {
      names.add(single);
    }
    if (names.isEmpty() || names.size() > MOST_CHANNELS) {
      return HttpAnswer.error(400, "An event is for 1 to 100 channels.");
    }
    List<Draft> drafts = names.stream().distinct().map(name -> draft(app, name, fields)).toList();
    HttpAnswer failure = publish(app, drafts);
    String info = fields.string("info");
    if (failure != null || info == null) {
      return failure == null ? HttpAnswer.ok("{}") : failure;
    }
    JsonWriter out = object().name("channels").beginObject();
    drafts.forEach(draft -> queries.attributes(out, app, draft.channel, info));
    return HttpAnswer.ok(out.endObject().endObject().toString());
  }

  /** Several events, each for one channel. */
  HttpAnswer publishAll(GuestApp app, JsonFields fields) {
    String batch = fields.raw("batch");
    if (batch == null) {
      return HttpAnswer.error(400, "There is no batch.");
    }
    List<JsonFields> items =
        JsonText.elements(batch, DEPTH, MOST_EVENTS, ErrorCode.BAD_FRAME).stream()
            .map(item -> JsonFields.parse(item, DEPTH, ErrorCode.BAD_FRAME))
            .toList();
    List<Draft> drafts =
        items.stream().map(item -> draft(app, item.requiredString("channel"), item)).toList();
    HttpAnswer failure = publish(app, drafts);
    if (failure != null || items.stream().noneMatch(item -> item.string("info") != null)) {
      return failure == null ? HttpAnswer.ok("{}") : failure;
    }
    JsonWriter out = object().name("batch").beginArray();
    for (int i = 0; i < items.size(); i++) {
      String info = items.get(i).string("info");
      queries.attributesAlone(out, app, drafts.get(i).channel, info == null ? "" : info);
    }
    return HttpAnswer.ok(out.endArray().endObject().toString());
  }

  private static Draft draft(GuestApp app, String channelName, JsonFields fields) {
    PusherChannel channel = new PusherChannel(channelName);
    String name = fields.requiredString("name");
    if (name.startsWith("pusher:") || name.startsWith("pusher_internal:")) {
      throw new RefusedException(ErrorCode.BAD_NAME);
    }
    String raw = fields.raw("data");
    if (raw == null) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    String text = JsonText.isString(raw) ? PusherData.string(raw) : raw;
    return new Draft(
        channel,
        channel.room(app.namespace()),
        new EventName(name),
        PusherData.of(text),
        origin(fields.string("socket_id")));
  }

  private static @Nullable String origin(@Nullable String socketId) {
    String connection = socketId == null ? null : SocketId.connection(socketId);
    if (socketId != null && connection == null) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    return connection;
  }

  /** Null: all are in the log. */
  private @Nullable HttpAnswer publish(GuestApp app, List<Draft> drafts) {
    List<CompletableFuture<AppendResult>> results = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      results.add(
          rooms.publish(
              app.identity(app.name()),
              draft.room,
              draft.name,
              draft.data.content(),
              null,
              draft.data.meta(),
              draft.origin));
    }
    HttpAnswer failure = null;
    for (CompletableFuture<AppendResult> result : results) {
      if (result.join() instanceof AppendResult.NotAppended not && failure == null) {
        failure = HttpAnswer.error(not.rejection().code().status(), not.rejection().message());
      }
    }
    return failure;
  }

  private static JsonWriter object() {
    return new JsonWriter(new StringBuilder(256)).beginObject();
  }
}
