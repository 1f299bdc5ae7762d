package io.carillon.faults.checker;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What came of a check.
 *
 * @param found how often each rule was broken; rules that were kept are absent
 * @param violations the first few of each rule, in the order in which the rules were tried
 */
public record Verdict(
    Counts counts, DelayFigures timing, Map<Rule, Long> found, List<Violation> violations) {
  /** Keeps copies. */
  public Verdict {
    found = Map.copyOf(found);
    violations = List.copyOf(violations);
  }

  /** Whether every rule was kept. */
  public boolean passed() {
    return found.isEmpty();
  }

  /** How often a rule was broken. */
  public long count(Rule rule) {
    return found.getOrDefault(rule, 0L);
  }

  /** The rules that were broken. */
  public Set<Rule> rules() {
    return found.keySet();
  }
}
