package io.carillon.socketio;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A socket of any instance, as it was when it was asked for.
 *
 * @param id the socket's id
 * @param user whose it is; null: anonymous
 * @param rooms its rooms, without the one of its id
 */
public record RemoteSocket(String id, @Nullable String user, Set<String> rooms) {
  /** Copies the rooms. */
  public RemoteSocket {
    rooms = Set.copyOf(rooms);
  }
}
