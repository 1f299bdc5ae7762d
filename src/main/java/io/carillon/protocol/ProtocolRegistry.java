package io.carillon.protocol;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds a protocol by the name that a client offers. Immutable. */
public final class ProtocolRegistry {
  private final Map<String, Protocol> byName = new LinkedHashMap<>();
  private final Protocol usual;

  /**
   * Takes the protocols.
   *
   * @param protocols at least one; the first is spoken with who offers none
   */
  public ProtocolRegistry(List<? extends Protocol> protocols) {
    usual = protocols.getFirst();
    protocols.forEach(p -> byName.put(p.name(), p));
  }

  /** The names of all protocols, in order. */
  public List<String> names() {
    return new ArrayList<>(byName.keySet());
  }

  /**
   * The protocol of this name.
   *
   * @param name what was agreed upon; empty or null: nothing
   * @throws RefusedException with {@link ErrorCode#UNSUPPORTED} if there is none of that name
   */
  public Protocol named(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return usual;
    }
    Protocol protocol = byName.get(name);
    if (protocol == null) {
      throw new RefusedException(ErrorCode.UNSUPPORTED);
    }
    return protocol;
  }

  /** Whether a client that offers these may be served: it offers none at all, or one of ours. */
  public boolean accepts(List<String> offered) {
    return offered.isEmpty() || offered.stream().anyMatch(byName::containsKey);
  }
}
