package io.carillon.socketio;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Handshake of a client.
 *
 * @param query the parameters of its address, decoded; those of Engine.IO are among them
 * @param auth what its option {@code auth} holds, an object; a recovery's own members are in it too
 */
public record Handshake(Map<String, List<String>> query, Argument auth) {
  /** Copies the parameters. */
  public Handshake {
    query = Map.copyOf(query);
  }

  /** The first value of a parameter of the query, or null. */
  public @Nullable String parameter(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }
}
