package io.carillon.transport.websocket;

import io.carillon.protocol.Message;
import io.carillon.protocol.Protocol;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The socket at {@code /ws}. Holds nothing: it hands over to {@link Sockets} and to the {@link
 * SocketLink} that hangs on the container's session. No handler returns a value: the container
 * would write it beside our own writes, and one of the two would fail.
 */
@Dependent
@ServerEndpoint(value = Protocol.SOCKET, subprotocols = "carillon.v1")
public class SocketEndpoint {
  private final @Nullable Sockets sockets;

  /** For the container only, which asks for it and then uses the other one. */
  public SocketEndpoint() {
    this.sockets = null;
  }

  /** Takes the sockets. */
  @Inject
  public SocketEndpoint(Sockets sockets) {
    this.sockets = sockets;
  }

  /** A handshake succeeded. */
  @OnOpen
  public void opened(Session session) {
    var unused = Objects.requireNonNull(sockets).opened(session, Protocol.SOCKET);
  }

  /** A whole text message came in, bounded by what the session was given at its opening. */
  @OnMessage
  public void text(Session session, String message) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.message(new Message.Text(message));
    }
  }

  /** A whole binary message came in, bounded likewise. */
  @OnMessage
  public void binary(Session session, byte[] message) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.message(new Message.Bytes(message));
    }
  }

  /** The answer to a ping of the WebSocket protocol itself. */
  @OnMessage
  public void pong(Session session, PongMessage message) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.pong(message);
    }
  }

  /** The socket is closed, by whomever. */
  @OnClose
  public void closed(Session session, CloseReason reason) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.gone();
    }
  }

  /** Something broke; the container closes the socket after this. */
  @OnError
  public void broken(Session session, Throwable error) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.broken(error);
    }
  }
}
