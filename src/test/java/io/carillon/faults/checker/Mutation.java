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
record Mutation(
    String name, Set<Rule> rules, Set<Rule> excused, boolean lossy, Consumer<PlantedHistory> in) {
  Mutation(String name, Set<Rule> rules, Consumer<PlantedHistory> in) {
    this(name, rules, Set.of(), true, in);
  }

  Mutation orElse(Rule other) {
    return new Mutation(name, rules, Set.of(other), lossy, in);
  }

  Mutation withoutLoss() {
    return new Mutation(name, rules, excused, false, in);
  }

  @Override
  public String toString() {
    return name;
  }
}
