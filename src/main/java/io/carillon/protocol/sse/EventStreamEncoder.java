package io.carillon.protocol.sse;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Joined;
import io.carillon.core.Member;
import io.carillon.core.Resync;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.json.WireJson;
import io.carillon.protocol.RoomCursor;
import io.carillon.protocol.StreamFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes frames of {@code text/event-stream}; what has a position is left open for its {@code id:}.
 */
final class EventStreamEncoder implements FrameEncoder {
  /** A client told to come back at once shall still not hammer a server that is gone. */
  private static final long LEAST_RETRY_MILLIS = 250;

  private static final StreamFrame COMMENT =
      new StreamFrame(":\n\n".getBytes(StandardCharsets.US_ASCII), List.of());

  @Override
  public String protocol() {
    return EventStream.NAME;
  }

  @Override
  public Frame encode(Delivery delivery) {
    return switch (delivery) {
      case Delivery.EventDelivery d -> event(d);
      case Delivery.SignalDelivery d -> {
        JsonWriter out = begin();
        WireJson.signalFields(out, d.signal());
        yield own("signal", out);
      }
      case Delivery.PresenceDelivery d -> presence(d);
      case Delivery.MembersDelivery d -> members(d);
      case Delivery.ByConnection d ->
          throw new IllegalStateException("no join follows members by connection");
      case Delivery.ResyncDelivery d -> resync(d.resync());
      case Delivery.StreamJoined d -> joined(d.rooms());
      case Delivery.Expiring d -> own("expiring", begin().field("in", d.in().toMillis()));
      case Delivery.Goodbye d -> goodbye(d);
      case Delivery.HeartbeatDelivery d -> COMMENT;
      case Delivery.Welcome d -> throw new IllegalStateException("streams have no welcome");
    };
  }

  private static Frame event(Delivery.EventDelivery delivery) {
    Event event = delivery.event();
    return frame(
        event.name(),
        WireJson.event(delivery),
        "",
        List.of(new RoomCursor(event.room(), event.cursor())));
  }

  private static Frame joined(List<Joined> rooms) {
    List<RoomCursor> positions = new ArrayList<>(rooms.size());
    JsonWriter out = begin().name("rooms").beginObject();
    for (Joined room : rooms) {
      positions.add(new RoomCursor(room.room(), room.cursor()));
      out.name(room.room().value()).beginObject();
      WireJson.joinedFields(out, room);
      out.endObject();
    }
    return frame("carillon:joined", out.endObject().endObject().toString(), "", positions);
  }

  private static Frame resync(Resync resync) {
    JsonWriter out = begin();
    WireJson.resyncFields(out, resync);
    return frame(
        "carillon:resync",
        out.endObject().toString(),
        "",
        List.of(new RoomCursor(resync.room(), resync.head())));
  }

  private static Frame presence(Delivery.PresenceDelivery presence) {
    JsonWriter out = begin().field("room", presence.room().value());
    WireJson.members(out, "joined", presence.joined());
    WireJson.members(out, "updated", presence.updated());
    out.name("left").beginArray();
    presence.left().forEach(out::string);
    return own("presence", out.endArray().field("count", presence.count()));
  }

  private static Frame members(Delivery.MembersDelivery members) {
    JsonWriter out = begin().field("room", members.room().value()).field("count", members.count());
    List<Member> list = members.members();
    if (list != null) {
      WireJson.members(out, "members", list);
    }
    return own("members", out);
  }

  private static Frame goodbye(Delivery.Goodbye goodbye) {
    long retry = Math.max(LEAST_RETRY_MILLIS, goodbye.reconnectIn().toMillis());
    JsonWriter out =
        begin()
            .field("reason", goodbye.reason())
            .field("reconnectIn", goodbye.reconnectIn().toMillis());
    String json = out.endObject().toString();
    return frame("carillon:goodbye", json, "retry: " + retry + '\n', List.of());
  }

  private static Frame own(String name, JsonWriter out) {
    return frame("carillon:" + name, out.endObject().toString(), "", List.of());
  }

  private static Frame frame(String name, String json, String more, List<RoomCursor> positions) {
    String lines =
        more + "event: " + JsonText.oneLine(name) + "\ndata: " + JsonText.oneLine(json) + '\n';
    String text = positions.isEmpty() ? lines + '\n' : lines;
    return new StreamFrame(text.getBytes(StandardCharsets.UTF_8), positions);
  }

  private static JsonWriter begin() {
    return new JsonWriter(new StringBuilder(256)).beginObject();
  }
}
