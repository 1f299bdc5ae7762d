package io.carillon.bench;

import java.util.List;
import java.util.Map;

/** A running server that is measured, or several that serve the same rooms. */
interface Contender extends AutoCloseable {
  /** What {@link #processes()} calls a database. */
  String DATABASE = "postgresql";

  /** As it stands in the table. */
  String name();

  /** Whether it can be measured under this load. */
  boolean takes(Scenario scenario);

  /** Where its instances are, host and port; readers and publishers are spread over them. */
  List<String> targets();

  /** How the generator speaks to it. */
  List<String> dialect(Scenario scenario);

  /**
   * The processes whose time and memory count, by name: its instances in the order of {@link
   * #targets()}, then, if it has one, its {@link #DATABASE}.
   */
  Map<String, Long> processes();

  @Override
  void close();
}
