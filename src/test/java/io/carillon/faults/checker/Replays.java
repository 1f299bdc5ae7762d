package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.ReplayEnd;
import io.carillon.faults.history.Entry.Replayed;
import io.carillon.faults.history.Entry.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A full replay over any transport is the table, row by row. */
final class Replays {
  private record Way(String via, String room) {}

  private final Facts facts;
  private final Findings findings;

  Replays(Facts facts, Findings findings) {
    this.facts = facts;
    this.findings = findings;
  }

  void check() {
    Map<Way, List<Replayed>> open = new HashMap<>();
    for (Entry entry : facts.entries) {
      if (entry instanceof Replayed event) {
        open.computeIfAbsent(new Way(event.via(), event.room()), way -> new ArrayList<>())
            .add(event);
      } else if (entry instanceof ReplayEnd end) {
        List<Replayed> events = open.remove(new Way(end.via(), end.room()));
        compare(end, events == null ? List.of() : events);
      }
    }
    open.forEach(
        (way, events) ->
            findings.add(
                Rule.DRIVER,
                "the replay of " + way.room + " over " + way.via + " has no end",
                events.get(0)));
  }

  private void compare(ReplayEnd end, List<Replayed> events) {
    RoomLog log = facts.log(end.room());
    List<Row> rows = log.rows();
    String where = end.room() + " over " + end.via();
    int from = 0;
    while (from < rows.size() && rows.get(from).seq() <= log.floor()) {
      from++;
    }
    for (int i = 0; i < events.size(); i++) {
      Replayed event = events.get(i);
      if (from + i == rows.size()) {
        findings.add(Rule.REPLAY, where + " has more than the log from " + event.seq(), event);
        return;
      }
      Row row = rows.get(from + i);
      if (!same(row, event)) {
        findings.add(Rule.REPLAY, where + " is not the log at " + row.seq(), row, event);
        return;
      }
    }
    if (from + events.size() < rows.size()) {
      Row missing = rows.get(from + events.size());
      findings.add(Rule.REPLAY, where + " ends before " + missing.seq(), missing, end);
    } else if (log.head() != null && Place.of(end.cursor()).seq() != log.head().seq()) {
      findings.add(Rule.REPLAY, where + " ends at another cursor than the head", log.head(), end);
    }
  }

  /** The content is compared with what was published elsewhere. */
  private static boolean same(Row row, Replayed event) {
    return row.seq() == event.seq()
        && row.epoch().equals(event.epoch())
        && row.id().equals(event.id());
  }
}
