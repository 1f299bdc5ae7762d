package io.carillon.protocol.pusher;

import io.carillon.core.CloseCode;
import io.carillon.core.Content;
import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.spi.GuestApp;
import io.carillon.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encoder of unsolicited messages to Pusher clients: events, client events, members. Its frames are
 * shared by all connections of all applications; what depends on a connection is put in by its
 * codec. Stateless.
 */
final class PusherEncoder implements FrameEncoder {
  /** Sequence of messages, possibly empty. */
  record Several(List<Message> messages) implements Frame {
    static final Several NONE = new Several(List.of());

    Several {
      messages = List.copyOf(messages);
    }

    @Override
    public int size() {
      return messages.stream().mapToInt(Message::size).sum();
    }
  }

  /** Message of a presence channel, which must not come before the member list. */
  record InPresence(RoomName room, Message message) implements Frame {
    @Override
    public int size() {
      return message.size();
    }
  }

  /** Member list of a channel; it confirms the subscription of a presence channel. */
  record ChannelMembers(RoomName room, Message message, int count) implements Frame {
    @Override
    public int size() {
      return message.size();
    }
  }

  /** Changes to the members of a channel, and their number afterwards. */
  record ChannelChanges(RoomName room, Several messages, int count) implements Frame {
    @Override
    public int size() {
      return messages.size();
    }
  }

  @Override
  public String protocol() {
    return PusherProtocol.NAME;
  }

  @Override
  public Frame encode(Delivery delivery) {
    return switch (delivery) {
      case Delivery.EventDelivery d -> event(d.event());
      case Delivery.SignalDelivery d -> signal(d.signal());
      case Delivery.MembersDelivery d -> {
        String channel = PusherChannel.nameOf(d.room());
        yield new ChannelMembers(
            d.room(), PusherFrames.subscribed(channel, d.count(), d.members()), d.count());
      }
      case Delivery.PresenceDelivery d -> changes(d);
      case Delivery.ByConnection d ->
          throw new IllegalStateException("no join follows members by connection");
      case Delivery.HeartbeatDelivery d -> PusherFrames.PING;
      case Delivery.ResyncDelivery d -> Several.NONE;
      case Delivery.Expiring d -> Several.NONE;
      case Delivery.Goodbye d -> Several.NONE;
      case Delivery.Welcome d -> Several.NONE;
      case Delivery.StreamJoined d -> Several.NONE;
    };
  }

  private static Frame event(Event event) {
    if (PusherChannel.onlineUser(event.room()) != null) {
      return Several.NONE;
    }
    String channel = PusherChannel.nameOf(event.room());
    JsonWriter out = begin(event.name(), channel, 128 + event.weight());
    out.field("data", PusherData.text(event));
    return end(out, event.content(), event.room(), channel);
  }

  /** Encodes a client event; its data is JSON, not a string that contains JSON. */
  private static Frame signal(Signal signal) {
    if (PusherChannel.onlineUser(signal.room()) != null) {
      return Several.NONE;
    }
    String channel = PusherChannel.nameOf(signal.room());
    if (signal.name().equals(PusherCounts.NAME) && signal.by().startsWith(GuestApp.PREFIX)) {
      return PusherFrames.subscriptionCount(channel, signal.content().text());
    }
    JsonWriter out = begin(signal.name().value(), channel, 128 + signal.content().weight());
    switch (signal.content()) {
      case Content.Json(String text) -> out.rawField("data", text);
      case Content.Binary bytes -> out.field("data", bytes.text());
    }
    if (PusherChannel.isPresence(channel)) {
      out.field("user_id", signal.by());
    }
    return end(out, signal.content(), signal.room(), channel);
  }

  /**
   * Begins a message. A reserved event name gets the prefix {@code carillon:}, so that no publisher
   * can forge a message of the protocol itself.
   */
  private static JsonWriter begin(String name, String channel, int size) {
    boolean reserved = name.startsWith("pusher:") || name.startsWith("pusher_internal:");
    return new JsonWriter(new StringBuilder(size))
        .beginObject()
        .field("event", reserved ? "carillon:" + name : name)
        .field("channel", channel);
  }

  private static Frame end(JsonWriter out, Content content, RoomName room, String channel) {
    if (content instanceof Content.Binary) {
      out.field("encoding", "base64");
    }
    Message message = new Message.Text(out.endObject().toString());
    return PusherChannel.isPresence(channel) ? new InPresence(room, message) : message;
  }

  private static Frame changes(Delivery.PresenceDelivery changes) {
    String channel = PusherChannel.nameOf(changes.room());
    List<Message> messages = new ArrayList<>();
    changes.joined().forEach(m -> messages.add(PusherFrames.memberAdded(channel, m)));
    changes.left().forEach(user -> messages.add(PusherFrames.memberRemoved(channel, user)));
    return new ChannelChanges(changes.room(), new Several(messages), changes.count());
  }

  @Override
  public boolean tellsReturn() {
    return false;
  }

  @Override
  public Farewell farewell(CloseCode code, String reason, Delivery.@Nullable Goodbye goodbye) {
    PusherEnd end = PusherEnd.of(code, reason);
    return new Farewell(
        List.of(PusherFrames.error(end.code(), end.words())), end.code(), end.words());
  }
}
