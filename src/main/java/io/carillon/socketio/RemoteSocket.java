package io.carillon.socketio;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Snapshot of a socket of any instance.
 *
 * @param id id of the socket
 * @param user name of the user; null: anonymous
 * @param rooms rooms of the socket, without the one of its id
 */
public record RemoteSocket(String id, @Nullable String user, Set<String> rooms) {
  /** Copies the rooms. */
  public RemoteSocket {
    rooms = Set.copyOf(rooms);
  }
}
