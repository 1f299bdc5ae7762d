package io.carillon.protocol;

import java.util.HashMap;
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
  /** Variable of a carrier that gives its links names of their own: this name, a secret. */
  public static final String SESSION = "sid";

  /** Variable of such a carrier: whom the request's credential belongs to, if it had one. */
  public static final String USER = "user";

  /** Copies what it takes. */
  public Peer {
    variables = Map.copyOf(variables);
    query = Map.copyOf(query);
  }

  /**
   * The same request on a link of this name.
   *
   * @param session its name
   * @param user whom the request's credential belongs to, or null
   */
  public Peer on(String session, @Nullable String user) {
    Map<String, String> more = new HashMap<>(variables);
    more.put(SESSION, session);
    if (user != null) {
      more.put(USER, user);
    }
    return new Peer(path, more, query);
  }

  /** The first value of a parameter of the query, or null. */
  public @Nullable String parameter(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }
}
