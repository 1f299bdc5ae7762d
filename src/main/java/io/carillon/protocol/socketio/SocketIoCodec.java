package io.carillon.protocol.socketio;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.RefusedException;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonWriter;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.LinkControl;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Codec of one Socket.IO connection: decodes packets with their attachments, passes them to their
 * namespace, and adds to each event the last argument, which is the connection's offset. The first
 * packet shows the client's parser: bytes are MessagePack.
 */
final class SocketIoCodec implements Codec {
  private static final List<Decoded> MALFORMED =
      List.of(new Decoded.Disconnect(CloseCode.PROTOCOL, "parse error"));
  private static final List<Decoded> CLOSED =
      List.of(new Decoded.Disconnect(CloseCode.NORMAL, "closed by the client"));
  private static final List<Decoded> PONG = List.of(new Decoded.Asked(new Command.Pong(null)));

  private final Peer peer;
  private final SocketHub hub;
  private final SocketIoSettings settings;
  private final MainConversation conversation;
  private final HandledSockets sockets;

  /** Packet whose attachments are still missing; used by {@link #decode} alone. */
  private @Nullable SocketIoPacket incomplete;

  private List<byte[]> attachments = List.of();
  private int bytes;
  private boolean spoken;

  /** MessagePack parser of the client; set by its first packet, before any packet is sent. */
  private volatile @Nullable PackedPackets packed;

  SocketIoCodec(Peer peer, SocketHub hub, SocketIoSettings settings) {
    this.peer = peer;
    this.settings = settings;
    this.hub = hub;
    String known = peer.variables().get(Peer.USER);
    this.conversation = new MainConversation(hub.credentials(), hub.sessions(), known);
    this.sockets = new HandledSockets(hub, this, peer.query(), known != null);
  }

  @Override
  public void linked(LinkControl link) {
    conversation.linked(link);
    sockets.linked(link);
  }

  @Override
  public List<Decoded> opened(Delivery.Welcome welcome) {
    conversation.opened(welcome);
    sockets.opened(welcome.connection());
    JsonWriter out = new JsonWriter(new StringBuilder(160).append('0')).beginObject();
    out.field("sid", peer.variables().getOrDefault(Peer.SESSION, welcome.connection()));
    out.name("upgrades").beginArray();
    if (!"websocket".equals(peer.parameter("transport"))) {
      out.string("websocket");
    }
    out.endArray()
        .field("pingInterval", settings.pingInterval().toMillis())
        .field("pingTimeout", settings.pingTimeout().toMillis())
        .field("maxPayload", SocketIo.MAX_PAYLOAD);
    return List.of(new Decoded.Said(new Message.Text(out.endObject().toString())));
  }

  @Override
  public List<Decoded> decode(Message message) {
    try {
      return switch (message) {
        case Message.Text text -> decode(text.text());
        case Message.Bytes more -> decode(more.bytes());
      };
    } catch (RefusedException notUnderstood) {
      return MALFORMED;
    }
  }

  private List<Decoded> decode(String text) {
    return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
      case '1' -> CLOSED;
      case '3' -> PONG;
      case '4' ->
          incomplete == null && packed == null
              ? begin(SocketIoPacket.read(text, 1, hub.maxAttachments()))
              : MALFORMED;
      case '6' -> List.of();
      default -> MALFORMED;
    };
  }

  private List<Decoded> decode(byte[] more) {
    if (incomplete != null) {
      return attached(incomplete, more);
    }
    if (!spoken) {
      packed = new PackedPackets(hub.mapping(), hub.maxAttachments());
      spoken = true;
    }
    PackedPackets form = packed;
    if (form == null) {
      return MALFORMED;
    }
    PackedPackets.Unpacked whole = form.read(more);
    return decode(whole.packet(), whole.attachments());
  }

  private List<Decoded> begin(SocketIoPacket packet) {
    spoken = true;
    if (packet.attachments() == 0) {
      return decode(packet, List.of());
    }
    if (!packet.holdsHalfCharacters()) {
      var unused = packet.elements();
    }
    incomplete = packet;
    attachments = new ArrayList<>(packet.attachments());
    bytes = 0;
    return List.of();
  }

  private List<Decoded> attached(SocketIoPacket packet, byte[] attachment) {
    bytes += attachment.length;
    if (bytes > SocketIo.MAX_PAYLOAD) {
      return MALFORMED;
    }
    attachments.add(attachment);
    if (attachments.size() < packet.attachments()) {
      return List.of();
    }
    incomplete = null;
    return decode(packet, List.copyOf(attachments));
  }

  private List<Decoded> decode(SocketIoPacket packet, List<byte[]> with) {
    List<Decoded> handled = sockets.decode(packet, with);
    if (handled != null) {
      return handled;
    }
    if (packet.namespace().equals(SocketIoPacket.MAIN)) {
      return conversation.decode(packet, with);
    }
    // It cannot be entered, so nothing else can come for it.
    return packet.type() == SocketIoPacket.Type.CONNECT
        ? List.of(new Decoded.Said(SocketIoAnswers.invalidNamespace(packet.namespace())))
        : MALFORMED;
  }

  @Override
  public @Nullable Frame encode(Reply reply, @Nullable Command command) {
    return sockets.answered(reply, command) ? null : conversation.encode(reply, command);
  }

  /** Disconnects all sockets, then closes the connection. */
  void close(LinkControl link) {
    sockets.disconnect();
    List<Decoded> last = new ArrayList<>(2);
    if (conversation.inside()) {
      last.add(new Decoded.Said(SocketIoEncoder.DISCONNECT));
    }
    last.add(new Decoded.Disconnect(CloseCode.NORMAL, "disconnected"));
    link.act(last);
  }

  /** Ends all sockets, after the connection has ended. */
  void ended(CloseCode code) {
    sockets.ended(code);
  }

  @Override
  public List<Message> join(List<Frame> frames) {
    List<Message> messages = new ArrayList<>(frames.size());
    for (Frame frame : frames) {
      switch (frame) {
        case SocketIoFrame event -> add(messages, event);
        case Message message -> add(messages, message);
        default -> {}
      }
    }
    PackedPackets form = packed;
    return form == null ? messages : form.write(messages);
  }

  private void add(List<Message> messages, Message message) {
    if (!message.equals(SocketIoEncoder.SENT_AWAY)) {
      messages.add(message);
    } else if (conversation.session().phase() != SocketIoSession.Phase.OUTSIDE) {
      messages.add(SocketIoEncoder.DISCONNECT);
      conversation.session().sentAway();
    }
    if (message.equals(SocketIoEncoder.PING)) {
      add(messages, conversation.session().patienceEnded());
      sockets.patienceEnded(messages);
    } else if (message.equals(SocketIoEncoder.SENT_AWAY)) {
      sockets.sentAway(messages);
    }
  }

  private void add(List<Message> messages, SocketIoFrame event) {
    if (event.target() != null) {
      sockets.write(messages, event);
      return;
    }
    if (conversation.session().phase() == SocketIoSession.Phase.OUTSIDE) {
      return;
    }
    Frame after = conversation.session().follows(event);
    HandledSockets.append(messages, event, conversation.session().offset());
    add(messages, after);
  }

  private static void add(List<Message> messages, @Nullable Frame frame) {
    if (frame instanceof Message message) {
      messages.add(message);
    }
  }
}
