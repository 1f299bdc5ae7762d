package io.carillon.protocol.socketio;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.spi.Credentials;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codec of one connection of Socket.IO: reads its packets and what belongs to them, and writes
 * the last argument of each event.
 */
final class SocketIoCodec implements Codec {
  private static final List<Decoded> MALFORMED =
      List.of(new Decoded.Disconnect(CloseCode.PROTOCOL, "parse error"));
  private static final List<Decoded> CLOSED =
      List.of(new Decoded.Disconnect(CloseCode.NORMAL, "closed by the client"));
  private static final List<Decoded> PONG = List.of(new Decoded.Asked(new Command.Pong(null)));

  private final Peer peer;
  private final SocketIoSession session;
  private final RecoverySessions sessions;
  private final SocketIoSettings settings;

  /** A packet whose attachments are still to come; read and written by {@link #decode} alone. */
  private @Nullable SocketIoPacket incomplete;

  private int missing;
  private int bytes;

  SocketIoCodec(
      Peer peer, Credentials credentials, RecoverySessions sessions, SocketIoSettings settings) {
    this.peer = peer;
    this.sessions = sessions;
    this.settings = settings;
    this.session = new SocketIoSession(credentials, sessions, peer.variables().get(Peer.USER));
  }

  @Override
  public List<Decoded> opened(Delivery.Welcome welcome) {
    session.opened(welcome);
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
        case Message.Bytes bytes -> attached(bytes.bytes());
      };
    } catch (RefusedException notUnderstood) {
      return MALFORMED;
    }
  }

  private List<Decoded> decode(String text) {
    return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
      case '1' -> CLOSED;
      case '3' -> PONG;
      case '4' -> incomplete == null ? decode(SocketIoPacket.read(text, 1)) : MALFORMED;
      case '6' -> List.of();
      default -> MALFORMED;
    };
  }

  private List<Decoded> decode(SocketIoPacket packet) {
    if (!packet.namespace().equals(SocketIoPacket.MAIN)) {
      return elsewhere(packet);
    }
    return switch (packet.type()) {
      case CONNECT ->
          session.phase() == SocketIoSession.Phase.OUTSIDE
              ? List.of(session.enter(packet.payload()))
              : MALFORMED;
      case DISCONNECT ->
          session.phase() == SocketIoSession.Phase.OUTSIDE ? MALFORMED : List.of(session.leave());
      case EVENT -> inside() ? event(packet, null) : MALFORMED;
      case BINARY_EVENT, BINARY_ACK -> inside() ? begin(packet) : MALFORMED;
      case ACK -> {
        // Nobody here asks for one, so it is one that came too late for another server.
        var unused = packet.elements();
        yield inside() ? List.of() : MALFORMED;
      }
      case CONNECT_ERROR -> MALFORMED;
    };
  }

  private boolean inside() {
    return session.phase() == SocketIoSession.Phase.INSIDE;
  }

  /** No other namespace can be entered, so nothing else can come for it. */
  private static List<Decoded> elsewhere(SocketIoPacket packet) {
    return packet.type() == SocketIoPacket.Type.CONNECT
        ? List.of(new Decoded.Said(SocketIoAnswers.invalidNamespace(packet.namespace())))
        : MALFORMED;
  }

  private List<Decoded> begin(SocketIoPacket packet) {
    var unused = packet.elements();
    if (packet.attachments() == 0) {
      return whole(packet, null);
    }
    incomplete = packet;
    missing = packet.attachments();
    bytes = 0;
    return List.of();
  }

  /** Only a single attachment is ever looked at, so of several none is kept. */
  private List<Decoded> attached(byte[] attachment) {
    SocketIoPacket packet = incomplete;
    if (packet == null) {
      return MALFORMED;
    }
    missing--;
    bytes += attachment.length;
    if (bytes > SocketIo.MAX_PAYLOAD) {
      return MALFORMED;
    }
    if (missing > 0) {
      return List.of();
    }
    incomplete = null;
    return whole(packet, attachment);
  }

  private List<Decoded> whole(SocketIoPacket packet, byte @Nullable [] attachment) {
    if (packet.type() == SocketIoPacket.Type.BINARY_ACK) {
      return List.of();
    }
    return packet.attachments() > 1
        ? refused(packet.id(), Rejection.of(ErrorCode.UNSUPPORTED))
        : event(packet, attachment);
  }

  private List<Decoded> event(SocketIoPacket packet, byte @Nullable [] attachment) {
    List<String> elements;
    try {
      elements = packet.elements();
    } catch (RefusedException notOurs) {
      if (packet.holdsHalfCharacters()) {
        return refused(packet.id(), Rejection.of(ErrorCode.BAD_DATA));
      }
      throw notOurs;
    }
    if (elements.isEmpty()) {
      return MALFORMED;
    }
    String first = elements.getFirst();
    if (!JsonText.isString(first)) {
      boolean number = first.charAt(0) == '-' || Character.isDigit(first.charAt(0));
      return number ? refused(packet.id(), Rejection.of(ErrorCode.UNSUPPORTED)) : MALFORMED;
    }
    String name = SocketIoCalls.string(first);
    if (SocketIoEncoder.RESERVED.contains(name)) {
      return MALFORMED;
    }
    try {
      Command command =
          SocketIoCalls.read(packet.id(), name, elements.subList(1, elements.size()), attachment);
      if (attachment != null && !carriesContent(command)) {
        return refused(packet.id(), Rejection.of(ErrorCode.UNSUPPORTED));
      }
      Decoded asked = new Decoded.Asked(command);
      return command instanceof Command.Join join
          ? List.of(asked, new Decoded.Later(() -> session.undo(join.room())))
          : List.of(asked);
    } catch (RefusedException refusal) {
      return refused(packet.id(), refusal.rejection());
    }
  }

  private static boolean carriesContent(Command command) {
    return command instanceof Command.Publish || command instanceof Command.SendSignal;
  }

  private static List<Decoded> refused(@Nullable String id, Rejection rejection) {
    return List.of(new Decoded.Invalid(new Reply.Refused(id, rejection)));
  }

  @Override
  public @Nullable Frame encode(Reply reply, @Nullable Command command) {
    if (command == null) {
      return SocketIoAnswers.of(reply);
    }
    if (SocketIoSession.isOwn(command)) {
      return session.ownAnswered(reply, command);
    }
    return session.changed(reply, command)
        ? SocketIoAnswers.of(reply)
        : SocketIoAnswers.of(new Reply.Refused(reply.ref(), Rejection.of(ErrorCode.STORAGE)));
  }

  @Override
  public List<Message> join(List<Frame> frames) {
    List<Message> messages = new ArrayList<>(frames.size());
    for (Frame frame : frames) {
      switch (frame) {
        case SocketIoFrame event -> add(messages, event);
        case Message message -> {
          messages.add(message);
          if (message.equals(SocketIoEncoder.PING)) {
            add(messages, session.patienceEnded());
          } else if (message.equals(SocketIoEncoder.DISCONNECT)) {
            session.sentAway();
          }
        }
        default -> {}
      }
    }
    return messages;
  }

  private void add(List<Message> messages, SocketIoFrame event) {
    if (session.phase() == SocketIoSession.Phase.OUTSIDE) {
      return;
    }
    Frame after = session.follows(event);
    String end = sessions.kept() ? ",\"" + session.offset() + "\"]" : "]";
    messages.add(new Message.Text(event.open() + end));
    add(messages, event.attachment());
    add(messages, after);
  }

  private static void add(List<Message> messages, @Nullable Frame frame) {
    if (frame instanceof Message message) {
      messages.add(message);
    }
  }
}
