package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import java.util.List;

/** Judges a history. Pure: the same entries give the same verdict. */
public final class Checker {
  private Checker() {}

  /**
   * Applies every rule. Takes n log n time; a million entries take seconds.
   *
   * @param entries in the order in which they were added; those of one reader must be in the order
   *     in which it saw them
   */
  public static Verdict check(List<Entry> entries, Expectations expected) {
    Findings findings = new Findings();
    Counter counter = new Counter();
    Facts facts = new Facts(entries, expected, findings);
    Delays delays = new Delays(facts, findings);
    new Tables(facts, findings).check();
    new Authenticity(facts, findings).check();
    new Loss(facts, findings, counter).check();
    new Once(facts, findings).check();
    new RealTime(facts, findings).check();
    new Streams(facts, findings, counter, delays).check();
    new Replays(facts, findings).check();
    new RightsRule(facts, findings).check();
    new Members(facts, findings).check();
    new ResourceUse(facts, findings).check();
    DelayFigures timing = delays.timing();
    return new Verdict(counter.counts(facts), timing, findings.counts(), findings.violations());
  }
}
