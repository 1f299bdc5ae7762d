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

/** Publishing over the HTTP API; answers when all events are in the log. */
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
   * Event for one channel.
   *
   * @param origin connection that is left out of the delivery, or null
   */
  private record TriggeredEvent(
      PusherChannel channel,
      RoomName room,
      EventName name,
      PusherData data,
      @Nullable String origin) {}

  /** Publishes one event to one channel or several. */
  HttpAnswer publish(GuestApp app, JsonFields fields) {
    List<String> names = new ArrayList<>(fields.strings("channels"));
    String single = fields.string("channel");
    if (single != null) {
      names.add(single);
    }
    if (names.isEmpty() || names.size() > MOST_CHANNELS) {
      return HttpAnswer.error(400, "An event is for 1 to 100 channels.");
    }
    List<TriggeredEvent> events =
        names.stream().distinct().map(name -> event(app, name, fields)).toList();
    HttpAnswer failure = publish(app, events);
    String info = fields.string("info");
    if (failure != null || info == null) {
      return failure == null ? HttpAnswer.ok("{}") : failure;
    }
    JsonWriter out = object().name("channels").beginObject();
    events.forEach(event -> queries.attributes(out, app, event.channel, info));
    return HttpAnswer.ok(out.endObject().endObject().toString());
  }

  /** Publishes a batch of events, each to one channel. */
  HttpAnswer publishAll(GuestApp app, JsonFields fields) {
    String batch = fields.raw("batch");
    if (batch == null) {
      return HttpAnswer.error(400, "There is no batch.");
    }
    List<JsonFields> items =
        JsonText.elements(batch, DEPTH, MOST_EVENTS, ErrorCode.BAD_FRAME).stream()
            .map(item -> JsonFields.parse(item, DEPTH, ErrorCode.BAD_FRAME))
            .toList();
    List<TriggeredEvent> events =
        items.stream().map(item -> event(app, item.requiredString("channel"), item)).toList();
    HttpAnswer failure = publish(app, events);
    if (failure != null || items.stream().noneMatch(item -> item.string("info") != null)) {
      return failure == null ? HttpAnswer.ok("{}") : failure;
    }
    JsonWriter out = object().name("batch").beginArray();
    for (int i = 0; i < items.size(); i++) {
      String info = items.get(i).string("info");
      queries.attributesAlone(out, app, events.get(i).channel, info == null ? "" : info);
    }
    return HttpAnswer.ok(out.endArray().endObject().toString());
  }

  private static TriggeredEvent event(GuestApp app, String channelName, JsonFields fields) {
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
    return new TriggeredEvent(
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

  /** Publishes events; null: all are in the log, else the first failure. */
  private @Nullable HttpAnswer publish(GuestApp app, List<TriggeredEvent> events) {
    List<CompletableFuture<AppendResult>> results = new ArrayList<>(events.size());
    for (TriggeredEvent event : events) {
      results.add(
          rooms.publish(
              app.identity(app.name()),
              event.room,
              event.name,
              event.data.content(),
              null,
              event.data.meta(),
              event.origin));
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
