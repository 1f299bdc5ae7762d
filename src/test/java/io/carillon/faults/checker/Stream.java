package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.Joined;
import io.carillon.faults.history.Entry.Resync;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one reader got of one room over all its connections: from the place that it was given on,
 * each seq once and in order; only a resync, or a join without {@code after}, begins anew.
 */
final class Stream {
  final String reader;
  private final RoomLog log;
  private final Findings findings;
  private final ResyncRule rule;
  private final List<Segment> past = new ArrayList<>();
  private @Nullable Segment segment;

  /** The reader's cursor; and the one it may hold instead because the server had just moved it. */
  private @Nullable Place place;

  private @Nullable Place before;
  private @Nullable Place given;

  /** In this connection: joined, told of a jump, waiting to be told of one. */
  private boolean joined;

  private @Nullable Resync announced;
  private @Nullable Joined jump;
  private long joinedAt;
  private long beganAt;
  private long deliveredAt;

  Stream(String reader, RoomLog log, Findings findings, ResyncRule rule) {
    this.reader = reader;
    this.log = log;
    this.findings = findings;
    this.rule = rule;
  }

  RoomLog log() {
    return log;
  }

  boolean joined() {
    return joined;
  }

  /** When the current connection joined. */
  long joinedAt() {
    return joinedAt;
  }

  /** When it got something last. */
  long deliveredAt() {
    return deliveredAt;
  }

  /** Since when everything is owed: the last join without a cursor, or resync. */
  long beganAt() {
    return beganAt;
  }

  /** The cursor, if it ever joined. */
  @Nullable Place place() {
    return place;
  }

  /** A connection begins or ends. */
  void cut() {
    joined = false;
    announced = null;
    if (jump != null) {
      before = Place.of(jump.after());
      jump = null;
    }
  }

  void join(Joined join) {
    Place cursor = Place.of(join.cursor());
    joined = true;
    joinedAt = join.at();
    jump = null;
    given = cursor;
    if (join.after().isEmpty()) {
      if (announced == null || place == null) {
        past.clear();
        begin(cursor, join);
      }
      return;
    }
    Place asked = Place.of(join.after());
    asked(asked, join);
    Resync early = announced;
    if (early != null) {
      return;
    }
    boolean stays = cursor.seq() == asked.seq() && (log.keeps(asked) || !log.keeps(cursor));
    if (stays) {
      return;
    }
    if (join.recovered()) {
      findings.add(
          Rule.RECOVERED,
          who() + " was recovered after " + join.after() + " but placed at " + join.cursor(),
          join);
    } else {
      jump = join;
      before = asked;
    }
    begin(cursor, join);
  }

  /** What a reader asks after must be where it is. */
  private void asked(Place asked, Joined join) {
    Place at = place;
    if (at == null) {
      beganAt = join.at();
      move(asked);
      Resync early = announced;
      if (early != null) {
        rule.judge(early, log, asked, null);
        move(Place.of(early.head()));
      }
      return;
    }
    if (asked.seq() == at.seq() || announced != null) {
      return;
    }
    if (before == null || asked.seq() != before.seq()) {
      findings.add(Rule.DRIVER, who() + " is at " + at + " and asks after " + asked, join);
      past.clear();
      beganAt = join.at();
    }
    move(asked);
  }

  void resync(Resync resync) {
    Joined jumped = jump;
    Place judged = jumped == null ? place : Place.of(jumped.after());
    if (judged != null) {
      rule.judge(resync, log, judged, jumped == null ? given : null);
    }
    announced = resync;
    jump = null;
    before = place;
    begin(Place.of(resync.head()), resync);
  }

  private void begin(Place at, Entry cause) {
    beganAt = cause.at();
    rule.placed(log, at, cause, who());
    move(at);
  }

  private void move(Place at) {
    if (segment != null) {
      past.add(segment);
    }
    segment = new Segment(branch(at.epoch(), at.seq()), at.seq());
    place = at;
  }

  private String branch(String epoch, long seq) {
    return log.keeps(epoch, seq) ? "" : epoch;
  }

  void deliver(Delivered event) {
    deliveredAt = event.at();
    if (!joined) {
      findings.add(Rule.REORDERED, who() + " got " + event.seq() + " before it had joined", event);
    }
    Joined unannounced = jump;
    if (unannounced != null) {
      jump = null;
      findings.add(
          Rule.SILENT,
          who()
              + " asked after "
              + unannounced.after()
              + " and was moved to "
              + unannounced.cursor()
              + " without a resync",
          unannounced,
          event);
    }
    String branch = branch(event.epoch(), event.seq());
    Segment current = segment;
    if (current == null) {
      current = new Segment(branch, event.seq() - 1);
    } else if (!current.branch.equals(branch)) {
      current = change(current, branch, event);
    }
    segment = current;
    step(current, event);
    if (place == null || event.seq() >= current.top()) {
      place = new Place(event.epoch(), event.seq());
    }
    before = null;
  }

  private Segment change(Segment current, String branch, Delivered event) {
    past.add(current);
    if (!branch.isEmpty()) {
      return new Segment(branch, Math.min(current.top(), event.seq() - 1));
    }
    findings.add(
        Rule.SILENT,
        who() + " was at " + place + ", which was cut off, and got " + event.seq() + " of another",
        event);
    return new Segment(branch, event.seq() - 1);
  }

  private void step(Segment current, Delivered event) {
    switch (current.take(event)) {
      case NEXT, AHEAD -> {
        if (had(event)) {
          again(event);
        }
      }
      case BELATED ->
          findings.add(Rule.REORDERED, who() + " got " + event.seq() + " after a later one", event);
      case AGAIN -> again(event);
      case BEFORE -> {
        if (had(event)) {
          again(event);
        } else {
          findings.add(
              Rule.REORDERED, who() + " got " + event.seq() + " from before its place", event);
        }
      }
    }
  }

  private boolean had(Delivered event) {
    for (Segment earlier : past) {
      if (earlier.has(branch(event.epoch(), event.seq()), event.seq())) {
        return true;
      }
    }
    return false;
  }

  private void again(Delivered event) {
    findings.add(Rule.DUPLICATED, who() + " got " + event.seq() + " again", event);
  }

  /** At the end of the history: what was left out and never came. */
  void end() {
    if (segment != null) {
      past.add(segment);
      segment = null;
    }
    for (Segment stretch : past) {
      for (Segment.Gap gap : stretch.gaps()) {
        findings.add(
            Rule.SKIPPED,
            gap.to() - gap.from() + 1,
            who() + " never got " + gap.from() + " to " + gap.to(),
            gap.instead());
      }
    }
  }

  String who() {
    return reader + " in " + log.room;
  }
}
