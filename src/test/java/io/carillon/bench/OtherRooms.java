package io.carillon.bench;

import java.util.List;
import java.util.Map;

/**
 * The same server in rooms of other names, so that a load can run beside another one.
 *
 * @param same the server; it is not ended with this
 * @param prefix of the rooms' names, in place of {@code bench:}
 */
record OtherRooms(Contender same, String prefix) implements Contender {
  @Override
  public String name() {
    return same.name();
  }

  @Override
  public boolean takes(Scenario scenario) {
    return same.takes(scenario);
  }

  @Override
  public boolean heats() {
    return same.heats();
  }

  @Override
  public List<String> targets() {
    return same.targets();
  }

  @Override
  public List<String> dialect(Scenario scenario) {
    return same.dialect(scenario).stream().map(word -> word.replace("bench:", prefix)).toList();
  }

  @Override
  public Map<String, Long> processes() {
    return same.processes();
  }

  @Override
  public void close() {
    // The server is closed by whoever started it.
  }
}
