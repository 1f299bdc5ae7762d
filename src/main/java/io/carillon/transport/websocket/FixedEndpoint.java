package io.carillon.transport.websocket;

import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerEndpointConfig;

/**
 * Configurator that gives the container one endpoint, made before, for all sockets that it opens.
 */
final class FixedEndpoint extends ServerEndpointConfig.Configurator {
  private final Endpoint endpoint;

  FixedEndpoint(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public <T> T getEndpointInstance(Class<T> type) {
    return type.cast(endpoint);
  }
}
