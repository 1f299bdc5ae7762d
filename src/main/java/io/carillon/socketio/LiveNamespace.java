package io.carillon.socketio;

/** Namespace with all its sockets on all instances. Thread-safe. */
public interface LiveNamespace extends Broadcast {
  /** Name of the namespace, with its slash. */
  String name();
}
