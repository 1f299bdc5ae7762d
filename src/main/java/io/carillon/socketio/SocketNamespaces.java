package io.carillon.socketio;

/** Namespaces of Socket.IO that beans handle; injected where an application emits. */
public interface SocketNamespaces {
  /**
   * Namespace of this name, also if it has no socket.
   *
   * @param name name with its slash
   * @throws IllegalArgumentException if no bean handles it
   */
  LiveNamespace of(String name);
}
