package io.carillon.protocol.pusher;

import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.Identity;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.limit.Limit;
import io.carillon.core.limit.Limits;
import io.carillon.core.limit.Visitor;
import io.carillon.core.room.EventBatch;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.GuestApp;
import io.carillon.protocol.HttpAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publishing over the HTTP API; answers when all events are in the log. Everything but the log is
 * asked before the first event is published, so that one bad event refuses all. What the log then
 * takes in part, or perhaps, is answered with a status of its own and the fate of each event.
 */
final class PusherPublishing {
  private static final int MOST_CHANNELS = 100;
  private static final int MOST_EVENTS = 10;
  private static final int DEPTH = JsonText.MAX_DEPTH + 2;

  /** Status of a call of which something is, or may be, in the log, but not all. */
  private static final int PARTLY = 500;

  private final Rooms rooms;
  private final PusherQueries queries;
  private final Limits limits;

  PusherPublishing(Rooms rooms, PusherQueries queries, Limits limits) {
    this.limits = limits;
    this.rooms = rooms;
    this.queries = queries;
  }

  /**
   * Event without its channel.
   *
   * @param key the publisher's key, or null
   * @param origin connection that is left out of the delivery, or null
   * @param info requested attributes of the channel, or null
   */
  private record EventBody(
      EventName name,
      PusherData data,
      @Nullable String key,
      @Nullable String origin,
      @Nullable String info) {}

  /** Event for one channel. */
  private record TriggeredEvent(PusherChannel channel, RoomName room, EventBody body) {}

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
    EventBody body = body(fields);
    List<TriggeredEvent> events =
        names.stream().distinct().map(name -> event(app, name, body)).toList();
    EventBatch batch = batch(app, events);
    JsonWriter out = object();
    String info = body.info;
    if (info != null) {
      out.name("channels").beginObject();
      events.forEach(event -> queries.attributes(out, app, event.channel, info));
      out.endObject();
    }
    return publish(batch, events, out);
  }

  /** Publishes a batch of events, each to one channel. */
  HttpAnswer publishAll(GuestApp app, JsonFields fields) {
    String array = fields.raw("batch");
    if (array == null) {
      return HttpAnswer.error(400, "There is no batch.");
    }
    List<TriggeredEvent> events =
        JsonText.elements(array, DEPTH, MOST_EVENTS, ErrorCode.BAD_FRAME).stream()
            .map(item -> JsonFields.parse(item, DEPTH, ErrorCode.BAD_FRAME))
            .map(item -> event(app, item.requiredString("channel"), body(item)))
            .toList();
    EventBatch batch = batch(app, events);
    JsonWriter out = object();
    if (events.stream().anyMatch(event -> event.body.info != null)) {
      out.name("batch").beginArray();
      for (TriggeredEvent event : events) {
        String info = event.body.info;
        queries.attributesAlone(out, app, event.channel, info == null ? "" : info);
      }
      out.endArray();
    }
    return publish(batch, events, out);
  }

  private static EventBody body(JsonFields fields) {
    String name = fields.requiredString("name");
    if (name.startsWith("pusher:") || name.startsWith("pusher_internal:")) {
      throw new RefusedException(ErrorCode.BAD_NAME);
    }
    String raw = fields.raw("data");
    if (raw == null) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    String text = JsonText.isString(raw) ? PusherData.string(raw) : raw;
    return new EventBody(
        new EventName(name),
        PusherData.of(text),
        Publication.checkKey(fields.string("key")),
        origin(fields.string("socket_id")),
        fields.string("info"));
  }

  private static @Nullable String origin(@Nullable String socketId) {
    String connection = socketId == null ? null : SocketId.connection(socketId);
    if (socketId != null && connection == null) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    return connection;
  }

  private static TriggeredEvent event(GuestApp app, String channelName, EventBody body) {
    PusherChannel channel = new PusherChannel(channelName);
    return new TriggeredEvent(channel, channel.room(app.namespace()), body);
  }

  /** Checks the rights and limits of all events. */
  private EventBatch batch(GuestApp app, List<TriggeredEvent> events) {
    Identity servers = app.identity(app.name());
    Visitor visitor = new Visitor(servers, "", "");
    limits.take(Limit.PUBLISHES_USER, visitor, events.size());
    limits.take(
        Limit.BYTES_USER,
        visitor,
        events.stream().mapToInt(event -> event.body.data.content().weight()).sum());
    EventBatch batch = rooms.batch(servers);
    for (TriggeredEvent event : events) {
      EventBody body = event.body;
      PusherData data = body.data;
      batch.add(event.room, body.name, data.content(), body.key, data.meta(), body.origin);
    }
    return batch;
  }

  /**
   * Publishes a batch.
   *
   * @param done the answer if all events are in the log, an object that is still open
   */
  private static HttpAnswer publish(
      EventBatch batch, List<TriggeredEvent> events, JsonWriter done) {
    List<AppendResult> results = batch.publish().stream().map(CompletableFuture::join).toList();
    Rejection failure = null;
    boolean any = false;
    for (AppendResult result : results) {
      switch (result) {
        case AppendResult.Appended appended -> any = true;
        case AppendResult.NotAppended(Rejection rejection) -> {
          any |= rejection.code() == ErrorCode.UNKNOWN;
          failure = failure == null ? rejection : failure;
        }
      }
    }
    if (failure == null) {
      return HttpAnswer.ok(done.endObject().toString());
    }
    return any
        ? partly(events, results)
        : HttpAnswer.error(failure.code().status(), failure.message());
  }

  private static HttpAnswer partly(List<TriggeredEvent> events, List<AppendResult> results) {
    JsonWriter out = object().field("error", "Not all of it is in the log for certain.");
    out.name("events").beginArray();
    for (int i = 0; i < results.size(); i++) {
      out.beginObject().field("channel", events.get(i).channel.name());
      switch (results.get(i)) {
        case AppendResult.Appended appended -> out.field("status", 200);
        case AppendResult.NotAppended(Rejection rejection) -> {
          ErrorCode code = rejection.code();
          out.field("status", code.status()).field("code", code.code());
          out.optional("id", rejection.id());
        }
      }
      out.endObject();
    }
    return new HttpAnswer(PARTLY, out.endArray().endObject().toString());
  }

  private static JsonWriter object() {
    return new JsonWriter(new StringBuilder(256)).beginObject();
  }
}
