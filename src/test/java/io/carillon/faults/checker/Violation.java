package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import java.util.List;

/**
 * One thing that is wrong.
 *
 * @param sentence what, in words
 * @param proof the few entries that show it
 */
public record Violation(Rule rule, String sentence, List<Entry> proof) {
  /** Keeps a copy of the proof. */
  public Violation {
    proof = List.copyOf(proof);
  }

  @Override
  public String toString() {
    return rule.word() + " (" + rule.guarantee() + "): " + sentence;
  }
}
