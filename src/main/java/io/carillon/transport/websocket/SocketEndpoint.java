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
 * WebSocket endpoint at {@code /ws}. It has no state and delegates to {@link Sockets} and to the
 * {@link SocketLink} of the container's session. No handler returns a value: the container would
 * write it concurrently with our own writes, and one of the two would fail.
 */
@Dependent
@ServerEndpoint(value = Protocol.SOCKET, subprotocols = "carillon.v1")
public class SocketEndpoint {
  private final @Nullable Sockets sockets;

  /** For the container, which requires it and then uses the other constructor. */
  public SocketEndpoint() {
    this.sockets = null;
  }

  /** Creates the endpoint. */
  @Inject
  public SocketEndpoint(Sockets sockets) {
    this.sockets = sockets;
  }

  /** Opens a link after a handshake. */
  @OnOpen
  public void opened(Session session) {
    var unused = Objects.requireNonNull(sockets).opened(session, Protocol.SOCKET);
  }

  /** Receives a whole text message, within the bound that the session got when it opened. */
  @OnMessage
  public void text(Session session, String message) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.message(new Message.Text(message));
    }
  }

  /** Receives a whole binary message, within the same bound. */
  @OnMessage
  public void binary(Session session, byte[] message) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.message(new Message.Bytes(message));
    }
  }

  /** Receives a pong frame. */
  @OnMessage
  public void pong(Session session, PongMessage message) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.pong(message);
    }
  }

  /** Ends the link of a closed socket. */
  @OnClose
  public void closed(Session session, CloseReason reason) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.gone();
    }
  }

  /** Notes an error; the container closes the socket afterwards. */
  @OnError
  public void broken(Session session, Throwable error) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.broken(error);
    }
  }
}
