package io.carillon.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request of a new connection, without its credential.
 *
 * @param path the path as the protocol declared it, with its variables in braces
 * @param variables their values
 * @param query the parameters of the query, decoded
 */
public record Peer(String path, Map<String, String> variables, Map<String, List<String>> query) {
  /** Copies what it takes. */
  public Peer {
    variables = Map.copyOf(variables);
    query = Map.copyOf(query);
  }

  /** The first value of a parameter of the query, or null. */
  public @Nullable String parameter(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }
}
