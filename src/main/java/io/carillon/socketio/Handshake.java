package io.carillon.socketio;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Handshake of a client.
 *
 * @param query parameters of the client's address, decoded, with those of Engine.IO
 * @param auth the client's option {@code auth}, an object; with the members that a recovery adds
 */
public record Handshake(Map<String, List<String>> query, Argument auth) {
  /** Copies the parameters. */
  public Handshake {
    query = Map.copyOf(query);
  }

  /** First value of a parameter of the query, or null. */
  public @Nullable String parameter(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }
}
