package io.carillon.bench;

import java.util.List;
import java.util.Map;

/** A running server that is measured. */
interface Contender extends AutoCloseable {
  /** As it stands in the table. */
  String name();

  /** Whether it can be measured under this load. */
  boolean takes(Scenario scenario);

  /** How the generator speaks to it. */
  List<String> dialect(Scenario scenario);

  /** The processes whose time and memory count, by name; the first is the server itself. */
  Map<String, Long> processes();

  @Override
  void close();
}
