package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Acked;
import io.carillon.faults.history.Entry.Committed;
import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.Row;
import java.util.HashSet;
import java.util.Set;

/**
 * What was acknowledged, committed or delivered is in the table, where it was said to be, as long
 * as it is retained. Where loss is allowed: unless it lies beyond the fork of its epoch.
 */
final class Loss {
  private final Facts facts;
  private final Findings findings;
  private final Counter counter;
  private final Set<Op> lost = new HashSet<>();

  Loss(Facts facts, Findings findings, Counter counter) {
    this.facts = facts;
    this.findings = findings;
    this.counter = counter;
  }

  void check() {
    for (Op op : facts.ops()) {
      for (Acked acked : op.acks) {
        acked(op, acked);
      }
      Committed committed = op.committed;
      if (committed != null && op.rows.isEmpty() && op.acks.isEmpty()) {
        committed(op, committed);
      }
    }
    for (Entry entry : facts.entries) {
      if (entry instanceof Delivered seen) {
        delivered(seen);
      }
    }
  }

  private void acked(Op op, Acked acked) {
    RoomLog log = facts.log(op.publish.room());
    if (log.head() == null || acked.seq() <= log.floor()) {
      return;
    }
    if (!log.keeps(acked.epoch(), acked.seq())) {
      beyond(op, acked);
      return;
    }
    Row row = log.row(acked.seq());
    if (row == null || !row.epoch().equals(acked.epoch()) || !row.id().equals(acked.id())) {
      lose(
          op,
          "was acknowledged at " + acked.epoch() + '.' + acked.seq() + " and is not there",
          acked);
    }
  }

  private void committed(Op op, Committed committed) {
    RoomLog log = facts.log(op.publish.room());
    if (facts.expected.loss()) {
      counter.forgive();
    } else if (log.head() != null && log.floor() == 0) {
      lose(op, "was committed and is not in the log", committed);
    }
  }

  private void delivered(Delivered seen) {
    RoomLog log = facts.log(seen.room());
    if (log.head() == null || seen.seq() <= log.floor()) {
      return;
    }
    boolean kept = log.keeps(seen.epoch(), seen.seq());
    Op op = facts.op(seen.room(), seen.id(), seen.data());
    if (op != null && (kept ? log.row(seen.seq()) == null : !facts.expected.loss())) {
      lose(op, "was delivered at " + seen.epoch() + '.' + seen.seq() + " and is not there", seen);
    }
  }

  private void beyond(Op op, Entry known) {
    if (facts.expected.loss()) {
      counter.forgive();
    } else {
      lose(op, "was acknowledged and lies beyond the fork of its epoch", known);
    }
  }

  private void lose(Op op, String how, Entry known) {
    if (lost.add(op)) {
      findings.add(
          Rule.LOST,
          "publish " + op.publish.op() + " in " + op.publish.room() + ' ' + how,
          op.publish,
          known);
    }
  }
}
