package io.carillon.protocol.socketio;

import io.carillon.core.CloseCode;
import io.carillon.core.Content;
import io.carillon.core.Cursor;
import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Member;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.json.WireJson;
import io.carillon.protocol.Message;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Encoder of unsolicited messages as Socket.IO packets of the main namespace. Stateless. */
final class SocketIoEncoder implements FrameEncoder {
  /** Event names that the client library reserves; events of these names get a prefix. */
  static final Set<String> RESERVED =
      Set.of(
          "connect",
          "connect_error",
          "disconnect",
          "disconnecting",
          "newListener",
          "removeListener");

  /** Engine.IO ping. */
  static final Message.Text PING = new Message.Text("2");

  /** DISCONNECT of the main namespace; a client does not reconnect after it. */
  static final Message.Text DISCONNECT = new Message.Text("41");

  /** Placeholder for a DISCONNECT of each namespace, for a client that is not to reconnect. */
  static final Message.Text SENT_AWAY = new Message.Text("41");

  private static final String EVENT = "42";
  private static final String BINARY_EVENT = "451-";
  private static final String PLACE_OF_BYTES = "{\"_placeholder\":true,\"num\":0}";
  private static final String PREFIX = "carillon:";

  @Override
  public String protocol() {
    return SocketIo.NAME;
  }

  @Override
  public Frame encode(Delivery delivery) {
    return switch (delivery) {
      case Delivery.EventDelivery d -> event(d);
      case Delivery.SignalDelivery d -> signal(d.signal());
      case Delivery.PresenceDelivery d -> presence(d);
      case Delivery.MembersDelivery d -> members(d);
      case Delivery.ResyncDelivery d -> {
        Frame handled = HandledFrames.resync(d.resync());
        if (handled != null) {
          yield handled;
        }
        JsonWriter out = begin("carillon:resync", 256);
        WireJson.resyncFields(out.beginObject(), d.resync());
        yield end(out.endObject(), d.resync().room(), d.resync().head());
      }
      case Delivery.Expiring d ->
          end(
              begin("carillon:expiring", 64)
                  .beginObject()
                  .field("in", d.in().toMillis())
                  .endObject());
      case Delivery.HeartbeatDelivery d -> PING;
      case Delivery.ByConnection d ->
          throw new IllegalStateException("no join follows members by connection");
      case Delivery.Welcome d -> SocketIoFrame.Silence.INSTANCE;
      case Delivery.StreamJoined d -> SocketIoFrame.Silence.INSTANCE;
      case Delivery.Goodbye d -> SocketIoFrame.Silence.INSTANCE;
    };
  }

  /**
   * Farewell of a connection: a client reconnects by itself unless it got a DISCONNECT, so only
   * clients that are to stay away get one.
   */
  @Override
  public Farewell farewell(CloseCode code, String reason, Delivery.@Nullable Goodbye goodbye) {
    return Farewell.of(code, reason, code == CloseCode.KICKED ? SENT_AWAY : null);
  }

  /** Event that a resumed session has lost a room. */
  static Frame left(RoomName room, String code) {
    return end(
        begin("carillon:left", 96)
            .beginObject()
            .field("room", room.value())
            .field("code", code)
            .endObject());
  }

  private static Frame event(Delivery.EventDelivery delivery) {
    Event event = delivery.event();
    Frame handled =
        HandledFrames.emitted(event.room(), event.name(), event.content(), event.cursor());
    if (handled != null) {
      return handled;
    }
    String cursor = event.cursor().toString();
    JsonWriter out = begin(unreserved(event.name()), event.content(), 256);
    out.beginObject()
        .field("room", event.room().value())
        .field("seq", event.seq())
        .field("epoch", event.epoch())
        .field("id", event.id())
        .field("by", event.by())
        .field("at", WireJson.instant(event.at()))
        .field("cursor", cursor);
    String meta = event.meta();
    if (meta != null) {
      out.rawField("meta", JsonText.oneLine(meta));
    }
    if (delivery.skipped() > 0) {
      out.field("skipped", delivery.skipped());
    }
    out.endObject();
    return new SocketIoFrame(
        out.toString(), event.room(), event.cursor(), attachments(event.content()), null);
  }

  private static Frame signal(Signal signal) {
    Frame handled =
        HandledFrames.emitted(signal.room(), signal.name().value(), signal.content(), null);
    if (handled != null) {
      return handled;
    }
    JsonWriter out = begin(unreserved(signal.name().value()), signal.content(), 128);
    out.beginObject()
        .field("room", signal.room().value())
        .field("by", signal.by())
        .field("signal", true)
        .endObject();
    return new SocketIoFrame(out.toString(), null, null, attachments(signal.content()), null);
  }

  /** Begins an event packet; binary content follows it as an attachment. */
  private static JsonWriter begin(String name, Content content, int more) {
    return switch (content) {
      case Content.Json(String text) ->
          begin(name, more + text.length()).raw(JsonText.oneLine(text));
      case Content.Binary bytes ->
          new JsonWriter(new StringBuilder(more + name.length()).append(BINARY_EVENT))
              .beginArray()
              .string(name)
              .raw(PLACE_OF_BYTES);
    };
  }

  private static List<Message.Bytes> attachments(Content content) {
    return switch (content) {
      case Content.Json json -> List.of();
      case Content.Binary bytes -> List.of(new Message.Bytes(bytes.toArray()));
    };
  }

  private static Frame presence(Delivery.PresenceDelivery presence) {
    JsonWriter out =
        begin("carillon:presence", 512).beginObject().field("room", presence.room().value());
    WireJson.members(out, "joined", presence.joined());
    WireJson.members(out, "updated", presence.updated());
    out.name("left").beginArray();
    presence.left().forEach(out::string);
    return end(out.endArray().field("count", presence.count()).endObject());
  }

  private static Frame members(Delivery.MembersDelivery members) {
    JsonWriter out =
        begin("carillon:members", 512)
            .beginObject()
            .field("room", members.room().value())
            .field("count", members.count());
    List<Member> list = members.members();
    if (list != null) {
      WireJson.members(out, "members", list);
    }
    return end(out.endObject());
  }

  /** Event name with a prefix if the client library reserves it. */
  static String unreserved(String name) {
    return RESERVED.contains(name) ? PREFIX + name : name;
  }

  private static JsonWriter begin(String name, int size) {
    return new JsonWriter(new StringBuilder(size).append(EVENT)).beginArray().string(name);
  }

  private static Frame end(JsonWriter out) {
    return end(out, null, null);
  }

  private static Frame end(JsonWriter out, @Nullable RoomName room, @Nullable Cursor cursor) {
    return new SocketIoFrame(out.toString(), room, cursor, List.of(), null);
  }
}
