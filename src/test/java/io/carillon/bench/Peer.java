package io.carillon.bench;

import io.carillon.bench.Scenario.Carrier;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A running server that is not ours, or several that serve the same rooms.
 *
 * @param name as it stands in the table
 * @param instances its processes by their ports, in their order
 * @param database the process of its database, if it has one
 * @param dialects how the generator speaks to it, by what its readers may read by
 * @param heats whether it has to run for a while before it is as fast as it gets
 */
record Peer(
    String name,
    Map<Integer, Process> instances,
    OptionalLong database,
    Map<Carrier, List<String>> dialects,
    boolean heats)
    implements Contender {

  /** One process without a database, which is read over WebSocket. */
  static Peer alone(String name, int port, Process process, List<String> dialect, boolean heats) {
    Map<Carrier, List<String>> dialects = Map.of(Carrier.WEBSOCKET, dialect);
    return new Peer(name, Map.of(port, process), OptionalLong.empty(), dialects, heats);
  }

  @Override
  public boolean takes(Scenario scenario) {
    return dialects.containsKey(scenario.carrier());
  }

  @Override
  public List<String> targets() {
    return instances.keySet().stream().map(port -> "127.0.0.1:" + port).toList();
  }

  @Override
  public List<String> dialect(Scenario scenario) {
    return dialects.getOrDefault(scenario.carrier(), List.of());
  }

  @Override
  public Map<String, Long> processes() {
    return Contender.named(name, instances.values().stream().map(Process::pid).toList(), database);
  }

  @Override
  public void close() {
    instances.values().forEach(Process::destroy);
  }
}
