package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Head;
import io.carillon.faults.history.Entry.Row;
import io.carillon.faults.history.Entry.Settled;

/** The log itself is dense: a row for each seq after the floor up to the head, none beyond. */
final class Tables {
  private final Facts facts;
  private final Findings findings;

  Tables(Facts facts, Findings findings) {
    this.facts = facts;
    this.findings = findings;
  }

  void check() {
    if (facts.entries.stream().noneMatch(Settled.class::isInstance)) {
      findings.add(Rule.DRIVER, "the history does not end: nothing was settled");
      return;
    }
    for (RoomLog log : facts.logs()) {
      Head head = log.head();
      if (head != null) {
        dense(log, head);
      } else if (!log.rows().isEmpty() || expectsRows(log)) {
        findings.add(Rule.DRIVER, "the head of " + log.room + " was not read");
      }
    }
  }

  private boolean expectsRows(RoomLog log) {
    for (Op op : facts.ops()) {
      if (op.publish.room().equals(log.room) && (op.safe != Op.NEVER || op.known != Op.NEVER)) {
        return true;
      }
    }
    return false;
  }

  private void dense(RoomLog log, Head head) {
    long last = head.floor();
    Entry before = head;
    for (Row row : log.rows()) {
      if (row.seq() > head.seq()) {
        findings.add(
            Rule.HOLE, log.room + " has a row " + row.seq() + " beyond its head", head, row);
      } else if (row.seq() > last + 1) {
        hole(log, last, row.seq() - 1, before, row);
      }
      if (!log.keeps(row.epoch(), row.seq())) {
        findings.add(
            Rule.HOLE,
            log.room + " has a row " + row.seq() + " of " + row.epoch() + " beyond its fork",
            row);
      }
      last = Math.max(last, row.seq());
      before = row;
    }
    if (last < head.seq()) {
      hole(log, last, head.seq(), before, head);
    }
  }

  private void hole(RoomLog log, long after, long to, Entry before, Entry next) {
    findings.add(
        Rule.HOLE,
        to - after,
        log.room + " has no rows from " + (after + 1) + " to " + to,
        before,
        next);
  }
}
