package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Connect;
import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.Disconnect;
import io.carillon.faults.history.Entry.Head;
import io.carillon.faults.history.Entry.Joined;
import io.carillon.faults.history.Entry.Resync;
import io.carillon.faults.history.Entry.Settled;
import java.util.HashMap;
import java.util.Map;

/** Follows every reader through the history, and asks at the end whether it came to the head. */
final class Streams {
  private final Facts facts;
  private final Findings findings;
  private final Counter counter;
  private final Delays delays;
  private final ResyncRule rule;
  private final Map<String, Map<String, Stream>> readers = new HashMap<>();

  Streams(Facts facts, Findings findings, Counter counter, Delays delays) {
    this.facts = facts;
    this.findings = findings;
    this.counter = counter;
    this.delays = delays;
    this.rule = new ResyncRule(facts, findings);
  }

  void check() {
    for (Entry entry : facts.entries) {
      switch (entry) {
        case Connect connect -> cut(connect.reader(), connect);
        case Disconnect end -> cut(end.reader(), end);
        case Joined join -> {
          Stream stream = stream(join.reader(), join.room());
          delays.joined(stream, join);
          stream.join(join);
        }
        case Resync resync -> {
          counter.resync(resync.reason());
          stream(resync.reader(), resync.room()).resync(resync);
        }
        case Delivered event -> {
          Stream stream = stream(event.reader(), event.room());
          delays.delivered(stream, event);
          stream.deliver(event);
        }
        case Settled settled -> settled(settled);
        default -> {}
      }
    }
    readers.values().forEach(rooms -> rooms.values().forEach(Stream::end));
  }

  private void cut(String reader, Entry end) {
    for (Stream stream : readers.getOrDefault(reader, Map.of()).values()) {
      delays.cut(stream, end);
      stream.cut();
    }
  }

  private Stream stream(String reader, String room) {
    return readers
        .computeIfAbsent(reader, name -> new HashMap<>())
        .computeIfAbsent(room, name -> new Stream(reader, facts.log(name), findings, rule));
  }

  private void settled(Settled settled) {
    for (Map<String, Stream> rooms : readers.values()) {
      boolean absent = false;
      for (Stream stream : rooms.values()) {
        boolean owed =
            !facts.expected.exempt().contains(stream.reader)
                && !facts.revoked(stream.reader, stream.log().room);
        absent |= owed && !stream.joined();
        if (owed && stream.joined()) {
          live(stream, settled);
        }
      }
      if (absent) {
        counter.absent();
      }
    }
  }

  private void live(Stream stream, Settled settled) {
    Head head = stream.log().head();
    Place place = stream.place();
    if (head != null && place != null && place.seq() < head.seq()) {
      findings.add(
          Rule.LIVENESS,
          stream.who() + " is at " + place + " when all is settled, the head at " + head.seq(),
          settled,
          head);
    }
  }
}
