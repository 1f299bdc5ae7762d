package io.carillon.faults.checker;

import java.util.Set;
import java.util.function.Consumer;

/**
 * A fault to be planted in a right history.
 *
 * @param rules the rules that must name it: these and no others
 * @param excused rules that may name it too, as it breaks them in some places and not in others
 * @param lossy whether there is a place for it in a history with an asynchronous failover
 */
record Plant(
    String name, Set<Rule> rules, Set<Rule> excused, boolean lossy, Consumer<PlantedHistory> in) {
  Plant(String name, Set<Rule> rules, Consumer<PlantedHistory> in) {
    this(name, rules, Set.of(), true, in);
  }

  Plant orElse(Rule other) {
    return new Plant(name, rules, Set.of(other), lossy, in);
  }

  Plant withoutLoss() {
    return new Plant(name, rules, excused, false, in);
  }

  @Override
  public String toString() {
    return name;
  }
}
