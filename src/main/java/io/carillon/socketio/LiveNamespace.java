package io.carillon.socketio;

/** A namespace with all its sockets, on all instances. Thread-safe. */
public interface LiveNamespace extends Broadcast {
  /** Its name with the slash. */
  String name();
}
