package io.carillon.transport.websocket;

import io.carillon.protocol.Message;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.ProtocolRegistry;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;

/**
 * WebSocket endpoint at the path of a further protocol; {@link SocketEndpoint} is that of {@code
 * carillon.v1}. It has no state of a socket, so one object serves all sockets of its path.
 */
public final class ProtocolEndpoint extends Endpoint {
  private final Sockets sockets;
  private final String path;

  private ProtocolEndpoint(Sockets sockets, String path) {
    this.sockets = sockets;
    this.path = path;
  }

  /**
   * Deploys endpoints at all paths of WebSockets except that of {@link SocketEndpoint}; to be
   * called while the application starts.
   *
   * @throws IllegalStateException if the container refuses one
   */
  public static void deploy(
      ServerContainer container, ProtocolRegistry protocols, Sockets sockets) {
    for (String path : protocols.paths()) {
      if (path.equals(Protocol.SOCKET) || !protocols.isBareSocket(path)) {
        continue;
      }
      try {
        container.addEndpoint(
            ServerEndpointConfig.Builder.create(ProtocolEndpoint.class, path)
                .subprotocols(protocols.names(path))
                .configurator(new FixedEndpoint(new ProtocolEndpoint(sockets, path)))
                .build());
      } catch (DeploymentException refused) {
        throw new IllegalStateException("no sockets at " + path, refused);
      }
    }
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    SocketLink link = sockets.opened(session, path);
    if (link != null) {
      session.addMessageHandler(String.class, message -> link.message(new Message.Text(message)));
      session.addMessageHandler(byte[].class, message -> link.message(new Message.Bytes(message)));
      session.addMessageHandler(PongMessage.class, link::pong);
    }
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.gone();
    }
  }

  @Override
  public void onError(Session session, Throwable error) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.broken(error);
    }
  }
}
