package io.carillon.transport.websocket;

import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.transport.duplex.Links;
import io.carillon.transport.duplex.MovableLink;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sockets of Engine.IO: their requests were looked at by a servlet before. Thread-safe. */
public final class EngineSockets {
  private final ServerContainer container;
  private final Sockets sockets;
  private final Supplier<String> ids;

  /**
   * Takes what sockets are made with.
   *
   * @param ids makes unguessable ids of sessions
   */
  public EngineSockets(ServerContainer container, Sockets sockets, Supplier<String> ids) {
    this.container = container;
    this.sockets = sockets;
    this.ids = ids;
  }

  /**
   * Answers a request with the upgrade.
   *
   * @param protocol what is spoken on the socket
   * @param peer what the request said
   * @param moving the link that is to move there when its peer says so; null: a new one is made
   */
  public void upgrade(
      HttpServletRequest request,
      HttpServletResponse response,
      Protocol protocol,
      Peer peer,
      @Nullable MovableLink moving)
      throws ServletException, IOException {
    Principal principal = request.getUserPrincipal();
    boolean known = Links.known(principal) != null;
    Peer named = peer.on(ids.get(), known ? principal.getName() : null);
    EngineEndpoint endpoint = new EngineEndpoint(sockets, protocol, named, principal, moving);
    ServerEndpointConfig config =
        ServerEndpointConfig.Builder.create(EngineEndpoint.class, peer.path())
            .configurator(new FixedEndpoint(endpoint))
            .build();
    try {
      container.upgradeHttpToWebSocket(request, response, config, Map.of());
    } catch (DeploymentException refused) {
      throw new ServletException("no socket", refused);
    }
  }
}
