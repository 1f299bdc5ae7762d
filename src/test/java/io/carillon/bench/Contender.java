package io.carillon.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A running server that is measured, or several that serve the same rooms. */
interface Contender extends AutoCloseable {
  /** What {@link #processes()} calls a database. */
  String DATABASE = "postgresql";

  /** As it stands in the table. */
  String name();

  /** Whether it can be measured under this load. */
  boolean takes(Scenario scenario);

  /** Whether it has to run for a while before it is as fast as it gets, as a JVM has to. */
  boolean heats();

  /** Where its instances are, host and port; readers and publishers are spread over them. */
  List<String> targets();

  /** How the generator speaks to it. */
  List<String> dialect(Scenario scenario);

  /**
   * The processes whose time and memory count, by name: its instances in the order of {@link
   * #targets()}, the first under its own name, then, if it has one, its {@link #DATABASE}.
   */
  Map<String, Long> processes();

  /** Names processes as {@link #processes()} does. */
  static Map<String, Long> named(String name, List<Long> instances, OptionalLong database) {
    Map<String, Long> processes = new LinkedHashMap<>();
    for (long instance : instances) {
      processes.put(processes.isEmpty() ? name : name + "-" + (processes.size() + 1), instance);
    }
    database.ifPresent(process -> processes.put(DATABASE, process));
    return processes;
  }

  @Override
  void close();
}
