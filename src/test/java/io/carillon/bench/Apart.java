package io.carillon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Two instances: publishers are at the first, readers at the last. Closing it closes both.
 *
 * @param both the two
 */
record Apart(Contender both) implements Contender {
  @Override
  public String name() {
    return both.name();
  }

  @Override
  public boolean takes(Scenario scenario) {
    return both.takes(scenario);
  }

  @Override
  public boolean heats() {
    return both.heats();
  }

  @Override
  public List<String> targets() {
    return List.of(both.targets().getLast());
  }

  @Override
  public List<String> dialect(Scenario scenario) {
    List<String> words = new ArrayList<>(both.dialect(scenario));
    words.addAll(List.of("--pub-target", both.targets().getFirst()));
    return words;
  }

  @Override
  public Map<String, Long> processes() {
    return both.processes();
  }

  @Override
  public void close() {
    both.close();
  }
}
