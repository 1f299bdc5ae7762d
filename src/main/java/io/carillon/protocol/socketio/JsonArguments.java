package io.carillon.protocol.socketio;

import io.carillon.socketio.Argument;
import io.carillon.socketio.Arguments;
import java.util.List;

/** Values of one packet of a peer. */
final class JsonArguments implements Arguments {
  private final JsonMapping mapping;
  private final List<Argument> all;

  /**
   * Creates the arguments.
   *
   * @param values JSON texts that were checked
   */
  JsonArguments(JsonMapping mapping, List<String> values, List<byte[]> attachments) {
    this.mapping = mapping;
    this.all =
        values.stream().map(v -> (Argument) new JsonArgument(mapping, v, attachments)).toList();
  }

  @Override
  public int size() {
    return all.size();
  }

  @Override
  public Argument get(int index) {
    return index < all.size() ? all.get(index) : new JsonArgument(mapping, null, List.of());
  }

  @Override
  public List<Argument> all() {
    return all;
  }

  @Override
  public String toString() {
    return all.toString();
  }
}
