package io.carillon.socketio;

/** All namespaces of Socket.IO that beans handle, to be injected wherever something is emitted. */
public interface SocketNamespaces {
  /**
   * A namespace, with a socket or without.
   *
   * @param name with its slash
   * @throws IllegalArgumentException if no bean handles it
   */
  LiveNamespace of(String name);
}
