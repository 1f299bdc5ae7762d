package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Acked;
import io.carillon.faults.history.Entry.Committed;
import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.Publish;
import io.carillon.faults.history.Entry.Refused;
import io.carillon.faults.history.Entry.Revoked;
import io.carillon.faults.history.Entry.Row;
import io.carillon.faults.history.Entry.Unknown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The history, read once and put in order for the rules. Immutable after its making. */
final class Facts {
  final List<Entry> entries;
  final Expectations expected;
  final QuietPeriods quiet;
  final List<Revoked> revoked = new ArrayList<>();
  private final Map<Integer, Op> ops = new HashMap<>();
  private final Map<String, Map<String, Op>> byId = new HashMap<>();
  private final Map<String, Op> byData = new HashMap<>();
  private final Map<String, RoomLog> logs = new TreeMap<>();

  Facts(List<Entry> entries, Expectations expected, Findings findings) {
    this.entries = entries;
    this.expected = expected;
    this.quiet = new QuietPeriods(entries, expected);
    for (Entry entry : entries) {
      if (entry instanceof Publish publish) {
        published(publish);
      }
    }
    for (Entry entry : entries) {
      outcome(entry, findings);
      table(entry, findings);
    }
    logs.values().forEach(RoomLog::sort);
    for (Entry entry : entries) {
      sighting(entry);
    }
  }

  private void published(Publish publish) {
    Op op = ops.get(publish.op());
    if (op == null) {
      op = new Op(publish);
      ops.put(publish.op(), op);
      byData.put(publish.data(), op);
      name(publish.key(), op);
    }
    log(publish.room());
  }

  private void name(String id, Op op) {
    if (!id.isEmpty()) {
      byId.computeIfAbsent(op.publish.room(), room -> new HashMap<>()).putIfAbsent(id, op);
    }
  }

  private void outcome(Entry entry, Findings findings) {
    switch (entry) {
      case Acked acked -> {
        Op op = answered(acked, acked.op(), findings);
        if (op != null) {
          op.acks.add(acked);
          op.known = Math.min(op.known, acked.at());
          op.safe = Math.min(op.safe, acked.at());
          name(acked.id(), op);
        }
      }
      case Committed committed -> {
        Op op = answered(committed, committed.op(), findings);
        if (op != null) {
          op.committed = committed;
          op.safe = Math.min(op.safe, committed.at());
          name(committed.id(), op);
        }
      }
      case Refused refused -> {
        Op op = answered(refused, refused.op(), findings);
        if (op != null) {
          op.refused = refused;
        }
      }
      case Unknown unknown -> {
        Op op = answered(unknown, unknown.op(), findings);
        if (op != null) {
          op.unknown = unknown;
        }
      }
      case Revoked withdrawn -> revoked.add(withdrawn);
      default -> {}
    }
  }

  private @Nullable Op answered(Entry answer, int number, Findings findings) {
    Op op = ops.get(number);
    if (op == null) {
      findings.add(Rule.DRIVER, "an answer to publish " + number + " that was never sent", answer);
    } else {
      op.answered = Math.max(op.answered, answer.at());
    }
    return op;
  }

  private void table(Entry entry, Findings findings) {
    switch (entry) {
      case Row row -> {
        Row other = log(row.room()).add(row);
        if (other != null) {
          findings.add(
              Rule.DIVERGENCE,
              "the table has two rows at " + row.room() + " " + row.seq(),
              other,
              row);
        }
      }
      case Entry.Head head -> log(head.room()).add(head);
      case Entry.Fork fork -> log(fork.room()).add(fork);
      default -> {}
    }
  }

  private void sighting(Entry entry) {
    if (entry instanceof Row row) {
      Op op = op(row.room(), row.id(), row.data());
      if (op != null) {
        op.rows.add(row);
      }
    } else if (entry instanceof Delivered seen) {
      Op op = op(seen.room(), seen.id(), seen.data());
      if (op != null && seen.at() > op.publish.at()) {
        op.known = Math.min(op.known, seen.at());
      }
    }
  }

  /** When all was settled, or when the history broke off before that. */
  long settledAt() {
    long last = Long.MIN_VALUE;
    for (Entry entry : entries) {
      if (entry instanceof Entry.Settled) {
        return entry.at();
      }
      last = Math.max(last, entry.at());
    }
    return last;
  }

  /** The publish that an event comes from: by its id in its room, else by its unique data. */
  @Nullable Op op(String room, String id, String data) {
    Map<String, Op> inRoom = byId.get(room);
    Op op = inRoom == null ? null : inRoom.get(id);
    return op == null ? byData.get(data) : op;
  }

  Iterable<Op> ops() {
    return ops.values();
  }

  Iterable<RoomLog> logs() {
    return logs.values();
  }

  RoomLog log(String room) {
    return logs.computeIfAbsent(room, RoomLog::new);
  }

  /** The publish whose event is at a position that the room kept, if it is known. */
  @Nullable Op at(String room, Place place) {
    RoomLog log = log(room);
    Row row = log.keeps(place) ? log.row(place.seq()) : null;
    return row == null ? null : op(room, row.id(), row.data());
  }

  /** Whether the reader's right to a room was withdrawn at some time. */
  boolean revoked(String reader, String room) {
    for (Revoked withdrawn : revoked) {
      if (withdrawn.room().equals(room) && withdrawn.readers().contains(reader)) {
        return true;
      }
    }
    return false;
  }
}
