package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.Revoked;
import java.util.HashMap;
import java.util.Map;

/** Nothing is delivered to a reader longer than some seconds after its right was withdrawn. */
final class RightsRule {
  private record Right(String reader, String room) {}

  private final Facts facts;
  private final Findings findings;

  RightsRule(Facts facts, Findings findings) {
    this.facts = facts;
    this.findings = findings;
  }

  void check() {
    Map<Right, Revoked> withdrawn = new HashMap<>();
    for (Revoked revoked : facts.revoked) {
      for (String reader : revoked.readers()) {
        withdrawn.merge(
            new Right(reader, revoked.room()), revoked, (a, b) -> a.at() <= b.at() ? a : b);
      }
    }
    if (withdrawn.isEmpty()) {
      return;
    }
    long within = facts.expected.authority().toNanos();
    for (Entry entry : facts.entries) {
      if (entry instanceof Delivered seen) {
        Revoked revoked = withdrawn.get(new Right(seen.reader(), seen.room()));
        if (revoked != null && seen.at() > revoked.at() + within) {
          findings.add(
              Rule.AUTHORITY,
              seen.reader()
                  + " got "
                  + seen.room()
                  + ' '
                  + seen.seq()
                  + ' '
                  + (seen.at() - revoked.at()) / 1_000_000
                  + " ms after its right was withdrawn",
              revoked,
              seen);
        }
      }
    }
  }
}
