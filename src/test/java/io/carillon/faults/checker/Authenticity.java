package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.Replayed;
import io.carillon.faults.history.Entry.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whatever was seen was published in that room before, not refused, and has the content that was
 * published; and at one position of a room everyone saw one event.
 */
final class Authenticity {
  private record At(String room, String epoch, long seq) {}

  private final Facts facts;
  private final Findings findings;
  private final Set<Integer> told = new HashSet<>();

  /** What readers saw where the table has nothing to compare with. */
  private final Map<At, Delivered> first = new HashMap<>();

  Authenticity(Facts facts, Findings findings) {
    this.facts = facts;
    this.findings = findings;
  }

  void check() {
    for (Entry entry : facts.entries) {
      switch (entry) {
        case Delivered seen -> {
          judge(seen, seen.room(), seen.id(), seen.data());
          agree(seen);
        }
        case Row row -> judge(row, row.room(), row.id(), row.data());
        case Replayed seen -> judge(seen, seen.room(), seen.id(), seen.data());
        default -> {}
      }
    }
  }

  private void judge(Entry seen, String room, String id, String data) {
    Op op = facts.op(room, id, data);
    if (op == null) {
      findings.add(Rule.PHANTOM, "nobody published " + id + " in " + room, seen);
    } else if (!op.publish.room().equals(room)) {
      findings.add(
          Rule.PHANTOM, id + " was published in another room than " + room, op.publish, seen);
    } else if (seen.at() < op.publish.at()) {
      findings.add(Rule.PHANTOM, id + " was seen before it was published", op.publish, seen);
    } else if (op.onlyRefused()) {
      if (told.add(op.publish.op())) {
        Entry refused = op.refused == null ? op.publish : op.refused;
        findings.add(Rule.REFUSED, id + " was refused and is seen in " + room, refused, seen);
      }
    } else if (!op.published(data)) {
      findings.add(Rule.CONTENT, id + " in " + room + " has other data", op.publish, seen);
    }
  }

  private void agree(Delivered seen) {
    RoomLog log = facts.log(seen.room());
    boolean kept = log.keeps(seen.epoch(), seen.seq());
    Row row = kept ? log.row(seen.seq()) : null;
    if (row != null) {
      if (!row.id().equals(seen.id()) || !row.epoch().equals(seen.epoch())) {
        differ(seen.room(), seen.seq(), row, seen);
      }
      return;
    }
    Delivered other = first.putIfAbsent(new At(seen.room(), seen.epoch(), seen.seq()), seen);
    if (other != null && !other.id().equals(seen.id())) {
      differ(seen.room(), seen.seq(), other, seen);
    }
  }

  private void differ(String room, long seq, Entry one, Entry other) {
    findings.add(Rule.DIVERGENCE, "two events at " + room + " " + seq, one, other);
  }
}
