package io.carillon.faults.checker;

import io.carillon.faults.history.Entry.Acked;
import io.carillon.faults.history.Entry.Row;

/** One publish, however often it was tried, is one event with one position and one id. */
final class Once {
  private final Facts facts;
  private final Findings findings;

  Once(Facts facts, Findings findings) {
    this.facts = facts;
    this.findings = findings;
  }

  void check() {
    for (Op op : facts.ops()) {
      rows(op);
      acks(op);
    }
  }

  private void rows(Op op) {
    for (int i = 1; i < op.rows.size(); i++) {
      Row first = op.rows.get(0);
      Row again = op.rows.get(i);
      if (again.seq() != first.seq()) {
        findings.add(
            Rule.ONCE,
            "publish "
                + op.publish.op()
                + " is in the log at "
                + first.seq()
                + " and at "
                + again.seq(),
            first,
            again);
      }
    }
  }

  private void acks(Op op) {
    RoomLog log = facts.log(op.publish.room());
    Acked first = null;
    boolean stored = false;
    for (Acked acked : op.acks) {
      if (!op.publish.key().isEmpty() && !acked.id().equals(op.publish.key())) {
        findings.add(
            Rule.ONCE,
            "publish " + op.publish.op() + " was acknowledged with another id",
            op.publish,
            acked);
      }
      if (facts.expected.loss() && !log.keeps(acked.epoch(), acked.seq())) {
        continue;
      }
      if (first == null) {
        first = acked;
      } else if (!acked.epoch().equals(first.epoch()) || acked.seq() != first.seq()) {
        findings.add(
            Rule.ONCE,
            "publish " + op.publish.op() + " was acknowledged at two positions",
            first,
            acked);
      }
      if (!acked.duplicate()) {
        if (stored) {
          findings.add(
              Rule.ONCE,
              "publish " + op.publish.op() + " was acknowledged as new twice",
              op.publish,
              acked);
        }
        stored = true;
      }
    }
  }
}
