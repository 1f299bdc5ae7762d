package io.carillon.protocol.page;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Joined;
import io.carillon.core.Resync;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.json.WireJson;
import io.carillon.protocol.PageFrame;
import io.carillon.protocol.PageFrame.Kind;
import io.carillon.protocol.RoomCursor;
import java.util.ArrayList;
import java.util.List;

/** Keeps of a delivery what a poll needs of it. */
final class JsonPageEncoder implements FrameEncoder {
  private static final PageFrame OTHER = new PageFrame(Kind.OTHER, "", List.of(), List.of());
  private static final PageFrame END = new PageFrame(Kind.END, "", List.of(), List.of());

  @Override
  public String protocol() {
    return JsonPages.NAME;
  }

  @Override
  public Frame encode(Delivery delivery) {
    return switch (delivery) {
      case Delivery.EventDelivery d -> event(d);
      case Delivery.ResyncDelivery d -> {
        List<RoomCursor> head = List.of(new RoomCursor(d.resync().room(), d.resync().head()));
        yield new PageFrame(Kind.RESYNC, resync(d.resync()), head, head);
      }
      case Delivery.StreamJoined d -> joined(d.rooms());
      case Delivery.Goodbye d -> END;
      case Delivery.SignalDelivery d -> OTHER;
      case Delivery.PresenceDelivery d -> OTHER;
      case Delivery.MembersDelivery d -> OTHER;
      case Delivery.ByConnection d -> OTHER;
      case Delivery.Expiring d -> OTHER;
      case Delivery.HeartbeatDelivery d -> OTHER;
      case Delivery.Welcome d -> OTHER;
    };
  }

  static String resync(Resync resync) {
    JsonWriter out = new JsonWriter(new StringBuilder(192)).beginObject();
    WireJson.resyncFields(out, resync);
    return out.endObject().toString();
  }

  private static Frame event(Delivery.EventDelivery delivery) {
    Event event = delivery.event();
    List<RoomCursor> position = List.of(new RoomCursor(event.room(), event.cursor()));
    return new PageFrame(Kind.EVENT, WireJson.event(delivery), position, List.of());
  }

  private static Frame joined(List<Joined> rooms) {
    List<RoomCursor> positions = new ArrayList<>(rooms.size());
    List<RoomCursor> heads = new ArrayList<>(rooms.size());
    for (Joined room : rooms) {
      if (room.resync() == null) {
        positions.add(new RoomCursor(room.room(), room.cursor()));
      }
      heads.add(new RoomCursor(room.room(), room.head()));
    }
    return new PageFrame(Kind.BEGIN, "", positions, heads);
  }
}
