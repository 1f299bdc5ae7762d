package io.carillon.protocol.socketio;

import io.carillon.core.Content;
import io.carillon.core.Cursor;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.protocol.Message;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Encoder of packets of namespaces that beans handle. Stateless. */
final class HandledFrames {
  private static final char EVENT = '2';
  private static final char ACK = '3';
  private static final char BINARY_EVENT = '5';
  private static final char BINARY_ACK = '6';

  private HandledFrames() {}

  /**
   * Packet for an event or a signal of a room; null: the room belongs to no namespace.
   *
   * @param cursor position of the event; null: it is a signal
   */
  static @Nullable Frame emitted(
      RoomName room, String name, Content content, @Nullable Cursor cursor) {
    String namespace = CoreRoomNames.namespace(room);
    if (namespace == null) {
      return null;
    }
    Emission emission = Emission.of(name, content);
    SocketIoFrame.Target target =
        new SocketIoFrame.Target(
            namespace, CoreRoomNames.room(room), emission.to(), emission.except());
    return event(emission, room, cursor, target);
  }

  /** Event packet for one socket; its offset is added when it is written. */
  static SocketIoFrame direct(String namespace, Emission emission) {
    return event(emission, null, null, SocketIoFrame.Target.of(namespace));
  }

  /** Event packet for one socket that asks for an acknowledgement. */
  static SocketIoFrame asking(String namespace, Emission emission, long id) {
    StringBuilder out = begin(EVENT, BINARY_EVENT, namespace, emission.attachments().size());
    arguments(out.append(id), emission).append(']');
    return SocketIoFrame.whole(
        out.toString(), messages(emission.attachments()), SocketIoFrame.Target.of(namespace));
  }

  /** Acknowledgement packet. */
  static SocketIoFrame ack(
      String namespace, String id, List<String> args, List<byte[]> attachments) {
    StringBuilder out = begin(ACK, BINARY_ACK, namespace, attachments.size()).append(id);
    JsonWriter list = new JsonWriter(out).beginArray();
    args.forEach(list::raw);
    return SocketIoFrame.whole(
        list.endArray().toString(), messages(attachments), SocketIoFrame.Target.of(namespace));
  }

  private static SocketIoFrame event(
      Emission emission,
      @Nullable RoomName room,
      @Nullable Cursor cursor,
      SocketIoFrame.Target target) {
    StringBuilder out =
        begin(EVENT, BINARY_EVENT, target.namespace(), emission.attachments().size());
    return new SocketIoFrame(
        arguments(out, emission).toString(),
        room,
        cursor,
        messages(emission.attachments()),
        target);
  }

  private static StringBuilder arguments(StringBuilder out, Emission emission) {
    JsonWriter list = new JsonWriter(out).beginArray();
    list.string(SocketIoEncoder.unreserved(emission.name()));
    emission.args().forEach(list::raw);
    return out;
  }

  private static StringBuilder begin(char plain, char binary, String namespace, int attachments) {
    StringBuilder out = new StringBuilder(128).append('4');
    if (attachments == 0) {
      out.append(plain);
    } else {
      out.append(binary).append(attachments).append('-');
    }
    return namespace.equals(SocketIoPacket.MAIN) ? out : out.append(namespace).append(',');
  }

  private static List<Message.Bytes> messages(List<byte[]> attachments) {
    return attachments.stream().map(Message.Bytes::new).toList();
  }

  /**
   * Event packet of a resync: the next events of a room are not retained; null: the room belongs to
   * no namespace.
   */
  static @Nullable Frame resync(Resync resync) {
    String namespace = CoreRoomNames.namespace(resync.room());
    if (namespace == null) {
      return null;
    }
    String room = CoreRoomNames.room(resync.room());
    JsonWriter about = new JsonWriter(new StringBuilder(96)).beginObject();
    about.optional("room", room).field("reason", resync.reason().word()).endObject();
    Emission emission =
        new Emission("carillon:resync", List.of(about.toString()), List.of(), List.of(), Set.of());
    return event(emission, resync.room(), resync.head(), SocketIoFrame.Target.of(namespace));
  }

  /**
   * Answer to a CONNECT that is accepted.
   *
   * @param pid secret of the session; null: it cannot be recovered
   */
  static Message.Text connected(String namespace, String socket, @Nullable String pid) {
    StringBuilder out = new StringBuilder(96).append("40");
    if (!namespace.equals(SocketIoPacket.MAIN)) {
      out.append(namespace).append(',');
    }
    JsonWriter fields = new JsonWriter(out).beginObject();
    return new Message.Text(
        fields.field("sid", socket).optional("pid", pid).endObject().toString());
  }

  /**
   * Answer to a CONNECT that a bean refuses.
   *
   * @param data JSON, or null
   */
  static Message.Text refused(String namespace, String message, @Nullable String data) {
    StringBuilder out = new StringBuilder(96).append("44");
    if (!namespace.equals(SocketIoPacket.MAIN)) {
      out.append(namespace).append(',');
    }
    JsonWriter fields = new JsonWriter(out).beginObject();
    String line = data == null ? null : JsonText.oneLine(data);
    return new Message.Text(
        fields.field("message", message).rawField("data", line).endObject().toString());
  }

  /** DISCONNECT packet. */
  static Message.Text disconnect(String namespace) {
    return namespace.equals(SocketIoPacket.MAIN)
        ? SocketIoEncoder.DISCONNECT
        : new Message.Text("41" + namespace + ',');
  }
}
