package io.carillon.faults.checker;

import io.carillon.faults.history.Entry.Acked;
import io.carillon.faults.history.Entry.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A publish that was known to be in the log, by its ack or by anyone's delivery, before another of
 * the same room began has the smaller seq. Branches that were cut off are left out.
 */
final class RealTime {
  private record Stored(Op op, long seq) {}

  private final Facts facts;
  private final Findings findings;

  RealTime(Facts facts, Findings findings) {
    this.facts = facts;
    this.findings = findings;
  }

  void check() {
    Map<String, List<Stored>> rooms = new HashMap<>();
    for (Op op : facts.ops()) {
      Stored stored = stored(op);
      if (stored != null) {
        rooms.computeIfAbsent(op.publish.room(), room -> new ArrayList<>()).add(stored);
      }
    }
    rooms.values().forEach(this::check);
  }

  private @Nullable Stored stored(Op op) {
    for (Row row : op.rows) {
      return new Stored(op, row.seq());
    }
    RoomLog log = facts.log(op.publish.room());
    for (Acked acked : op.acks) {
      if (acked.seq() <= log.floor() && log.keeps(acked.epoch(), acked.seq())) {
        return new Stored(op, acked.seq());
      }
    }
    return null;
  }

  private void check(List<Stored> room) {
    List<Stored> begun = new ArrayList<>(room);
    begun.sort(Comparator.comparingLong(stored -> stored.op.publish.at()));
    List<Stored> known = new ArrayList<>(room);
    known.sort(Comparator.comparingLong(stored -> stored.op.known));
    int next = 0;
    Stored highest = null;
    for (Stored stored : begun) {
      while (next < known.size() && known.get(next).op.known < stored.op.publish.at()) {
        Stored earlier = known.get(next++);
        highest = highest == null || earlier.seq > highest.seq ? earlier : highest;
      }
      if (highest != null && highest.seq > stored.seq) {
        findings.add(
            Rule.REALTIME,
            "publish "
                + stored.op.publish.op()
                + " began after publish "
                + highest.op.publish.op()
                + " was known, and is before it in "
                + stored.op.publish.room(),
            highest.op.publish,
            stored.op.publish);
      }
    }
  }
}
