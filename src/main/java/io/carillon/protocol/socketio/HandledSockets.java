package io.carillon.protocol.socketio;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonText;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.LinkControl;
import io.carillon.protocol.Message;
import io.carillon.socketio.DisconnectReason;
import io.carillon.socketio.Handshake;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Sockets of one connection in namespaces that beans handle. */
final class HandledSockets {
  /** Maximum number of namespaces that are connected at a time. */
  private static final int MOST = 64;

  /** Estimated size of a packet beside its payload and attachments, in bytes. */
  private static final int PACKET_COST = 256;

  private static final List<Decoded> MALFORMED =
      List.of(new Decoded.Disconnect(CloseCode.PROTOCOL, "parse error"));

  private final SocketHub hub;
  private final SocketIoCodec codec;
  private final Map<String, List<String>> query;
  private final boolean known;
  private final OwnCalls calls = new OwnCalls();
  private final Map<String, HandledSocket> sockets = new ConcurrentHashMap<>(1);
  private @Nullable LinkControl link;
  private String connection = "";

  /**
   * Begins without a socket.
   *
   * @param query parameters of the connection's address
   * @param known whether its request had a credential
   */
  HandledSockets(
      SocketHub hub, SocketIoCodec codec, Map<String, List<String>> query, boolean known) {
    this.hub = hub;
    this.codec = codec;
    this.query = query;
    this.known = known;
  }

  void linked(LinkControl its) {
    link = its;
  }

  void opened(String name) {
    connection = name;
  }

  // ---- what comes in
  // -----------------------------------------------------------------------------

  /** Decodes a packet; null: no bean handles its namespace. */
  @Nullable List<Decoded> decode(SocketIoPacket packet, List<byte[]> attachments) {
    HandledSocket socket = sockets.get(packet.namespace());
    if (socket == null || !socket.connected()) {
      return outside(packet, socket != null);
    }
    if (packet.type() == SocketIoPacket.Type.DISCONNECT) {
      socket.end(DisconnectReason.CLIENT_DISCONNECT, null, true);
      return List.of();
    }
    if (socket.stage() != SocketGate.SocketStage.INSIDE) {
      return MALFORMED;
    }
    return switch (packet.type()) {
      case EVENT, BINARY_EVENT -> event(socket, packet, attachments);
      case ACK, BINARY_ACK -> {
        socket.answered(
            packet.id(), new JsonArguments(hub.mapping(), elements(packet), attachments));
        yield List.of();
      }
      case CONNECT, DISCONNECT, CONNECT_ERROR -> MALFORMED;
    };
  }

  /**
   * Decodes a packet for a namespace without a socket. One that crosses the server's DISCONNECT is
   * ignored.
   */
  private @Nullable List<Decoded> outside(SocketIoPacket packet, boolean before) {
    SocketSpace space = hub.find(packet.namespace());
    if (space == null) {
      return null;
    }
    if (packet.type() == SocketIoPacket.Type.CONNECT) {
      return connect(space, packet);
    }
    return before ? List.of() : MALFORMED;
  }

  private List<Decoded> connect(SocketSpace space, SocketIoPacket packet) {
    if (sockets.size() >= MOST) {
      sockets.values().removeIf(each -> !each.connected() && each.queue().idle());
    }
    HandledSocket before = sockets.get(space.name());
    if (before == null && sockets.size() >= MOST) {
      return List.of(
          new Decoded.Said(SocketIoAnswers.refused(space.name(), Rejection.of(ErrorCode.LIMIT))));
    }
    String payload = packet.payload() == null ? "{}" : packet.payload();
    HandledSocket socket =
        new HandledSocket(
            hub,
            space,
            Objects.requireNonNull(link),
            before == null ? new HandlerQueue(hub) : before.queue(),
            calls,
            connection,
            new Handshake(query, new JsonArgument(hub.mapping(), payload, List.of())),
            () -> codec.close(Objects.requireNonNull(link)));
    sockets.put(space.name(), socket);
    hub.opened(connection, codec);
    SocketEntrance entrance = new SocketEntrance(hub, socket, known);
    int bytes = size(packet, List.of());
    return List.of(
        new Decoded.Elsewhere(done -> socket.queue().offer(entrance::enter, bytes, done)));
  }

  private List<String> elements(SocketIoPacket packet) {
    try {
      return packet.elements();
    } catch (RefusedException notOurs) {
      if (packet.holdsHalfCharacters()) {
        return packet.withoutHalves().elements();
      }
      throw notOurs;
    }
  }

  private List<Decoded> event(
      HandledSocket socket, SocketIoPacket packet, List<byte[]> attachments) {
    List<String> elements = elements(packet);
    String first = elements.isEmpty() ? "" : elements.getFirst();
    boolean string = JsonText.isString(first);
    boolean number =
        !first.isEmpty() && (first.charAt(0) == '-' || Character.isDigit(first.charAt(0)));
    String name = string ? SocketIoCalls.string(first) : first;
    if ((!string && !number) || SocketIoEncoder.RESERVED.contains(name)) {
      return MALFORMED;
    }
    JsonArguments arguments =
        new JsonArguments(hub.mapping(), elements.subList(1, elements.size()), attachments);
    int bytes = size(packet, attachments);
    return List.of(
        new Decoded.Elsewhere(done -> socket.event(name, arguments, packet.id(), bytes, done)));
  }

  /** Size of a packet with its attachments, near enough for a bound. */
  private static int size(SocketIoPacket packet, List<byte[]> attachments) {
    int size = packet.payload() == null ? 0 : packet.payload().length();
    for (byte[] attachment : attachments) {
      size += attachment.length;
    }
    return size + PACKET_COST;
  }

  /** Takes the reply to a command of a handler; false: it is none. */
  boolean answered(Reply reply, @Nullable Command command) {
    boolean own = OwnCalls.isOwn(command == null ? null : command.ref());
    if (own) {
      calls.answered(reply);
    }
    return own;
  }

  // ---- what goes out
  // -----------------------------------------------------------------------------

  /** Appends a frame in the form of its socket, if that gets it. */
  void write(List<Message> out, SocketIoFrame frame) {
    SocketIoFrame.Target target = Objects.requireNonNull(frame.target());
    HandledSocket socket = sockets.get(target.namespace());
    if (socket == null || !socket.connected()) {
      return;
    }
    List<Frame> after = socket.follows(frame);
    if (target.includes(socket.membership()::in)) {
      append(out, frame, socket.membership().offset());
    }
    writeAll(out, after);
  }

  private void writeAll(List<Message> out, List<Frame> frames) {
    for (Frame frame : frames) {
      switch (frame) {
        case SocketIoFrame held -> write(out, held);
        case Message message -> out.add(message);
        default -> {}
      }
    }
  }

  /**
   * Appends a frame.
   *
   * @param offset its last argument, or null
   */
  static void append(List<Message> out, SocketIoFrame frame, @Nullable String offset) {
    out.add(frame.packet(offset));
    out.addAll(frame.attachments());
  }

  /** Stops waiting for missed events of recoveries, at a heartbeat. */
  void patienceEnded(List<Message> out) {
    sockets.values().forEach(socket -> writeAll(out, socket.patienceEnded()));
  }

  /** Appends a DISCONNECT for each socket of a client that is to stay away. */
  void sentAway(List<Message> out) {
    for (HandledSocket socket : sockets.values()) {
      if (socket.connected()) {
        out.add(HandledFrames.disconnect(socket.space().name()));
        socket.membership().session().drop();
      }
    }
  }

  /** Disconnects all sockets. */
  void disconnect() {
    sockets.values().forEach(socket -> socket.disconnect(false));
  }

  /** Ends all sockets after the connection has ended. */
  void ended(CloseCode code) {
    calls.end();
    DisconnectReason reason =
        switch (code) {
          case NORMAL, GOING_AWAY -> DisconnectReason.TRANSPORT_CLOSE;
          case HEARTBEAT_MISSED -> DisconnectReason.PING_TIMEOUT;
          case PROTOCOL, TOO_BIG -> DisconnectReason.PARSE_ERROR;
          case RESTART -> DisconnectReason.SERVER_SHUTTING_DOWN;
          case OVERLOAD, TOKEN_EXPIRED, MOVED, UNAUTHENTICATED, FORBIDDEN, KICKED ->
              DisconnectReason.FORCED_SERVER_CLOSE;
        };
    for (HandledSocket socket : sockets.values()) {
      // After a kick nothing may be resumed, not even what a handler stores meanwhile.
      socket.end(reason, null, code == CloseCode.KICKED);
      socket.queue().connectionEnded(reason != DisconnectReason.FORCED_SERVER_CLOSE);
    }
  }
}
