package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects what the rules find: all of it counted, the first few of each rule kept. */
final class Findings {
  private static final int KEPT = 20;

  private final Map<Rule, Long> counts = new EnumMap<>(Rule.class);
  private final List<Violation> violations = new ArrayList<>();

  void add(Rule rule, String sentence, Entry... proof) {
    add(rule, 1, sentence, proof);
  }

  /** One sentence for so many of the same. */
  void add(Rule rule, long many, String sentence, Entry... proof) {
    long before = counts.getOrDefault(rule, 0L);
    counts.put(rule, before + many);
    if (before < KEPT) {
      violations.add(new Violation(rule, sentence, List.of(proof)));
    }
  }

  Map<Rule, Long> counts() {
    return counts;
  }

  List<Violation> violations() {
    return violations;
  }
}
