package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import java.util.Map;
import java.util.TreeMap;

/** Counts what is no rule's own. */
final class Counter {
  private final Map<String, Long> resyncs = new TreeMap<>();
  private long forgiven;
  private long absent;

  void resync(String reason) {
    resyncs.merge(reason, 1L, Long::sum);
  }

  void forgive() {
    forgiven++;
  }

  void absent() {
    absent++;
  }

  Counts counts(Facts facts) {
    long published = 0;
    long acked = 0;
    long unknown = 0;
    long unresolved = 0;
    long refused = 0;
    for (Op op : facts.ops()) {
      boolean safe = op.safe != Op.NEVER;
      published++;
      acked += safe ? 1 : 0;
      unknown += op.unknown != null ? 1 : 0;
      unresolved += op.unknown != null && !safe ? 1 : 0;
      refused += op.onlyRefused() ? 1 : 0;
    }
    long delivered = 0;
    long joins = 0;
    long faults = 0;
    for (Entry entry : facts.entries) {
      delivered += entry instanceof Entry.Delivered ? 1 : 0;
      joins += entry instanceof Entry.Joined ? 1 : 0;
      faults += entry instanceof Entry.FaultOn ? 1 : 0;
    }
    return new Counts(
        published,
        acked,
        unknown,
        unresolved,
        refused,
        delivered,
        joins,
        resyncs,
        forgiven,
        absent,
        faults);
  }
}
