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
import io.carillon.core.spi.Credentials;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.LinkControl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The main namespace where no bean handles it: packets of the conversation of {@code
 * docs/guests/socketio.md}, and the answers to its calls.
 */
final class MainConversation {
  private static final List<Decoded> MALFORMED =
      List.of(new Decoded.Disconnect(CloseCode.PROTOCOL, "parse error"));

  private final SocketIoSession session;

  MainConversation(Credentials credentials, RecoverySessions sessions, @Nullable String known) {
    this.session = new SocketIoSession(credentials, sessions, known);
  }

  void linked(LinkControl link) {
    session.linked(link);
  }

  void opened(Delivery.Welcome welcome) {
    session.opened(welcome);
  }

  SocketIoSession session() {
    return session;
  }

  /** Decodes a packet of the main namespace. */
  List<Decoded> decode(SocketIoPacket packet, List<byte[]> attachments) {
    return switch (packet.type()) {
      case CONNECT ->
          session.phase() == SocketIoSession.Phase.OUTSIDE
              ? List.of(session.enter(packet.payload()))
              : MALFORMED;
      case DISCONNECT ->
          session.phase() == SocketIoSession.Phase.OUTSIDE ? MALFORMED : List.of(session.leave());
      case EVENT, BINARY_EVENT -> inside() ? event(packet, attachments) : MALFORMED;
      case ACK, BINARY_ACK -> {
        // The conversation asks for none: this one was meant for another server, and is late.
        var unused = packet.elements();
        yield inside() ? List.of() : MALFORMED;
      }
      case CONNECT_ERROR -> MALFORMED;
    };
  }

  boolean inside() {
    return session.phase() == SocketIoSession.Phase.INSIDE;
  }

  private List<Decoded> event(SocketIoPacket packet, List<byte[]> attachments) {
    if (attachments.size() > 1) {
      return refused(packet.id(), Rejection.of(ErrorCode.UNSUPPORTED));
    }
    byte[] attachment = attachments.isEmpty() ? null : attachments.getFirst();
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

  @Nullable Frame encode(Reply reply, @Nullable Command command) {
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
}
