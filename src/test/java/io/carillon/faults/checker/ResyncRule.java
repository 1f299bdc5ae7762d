package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Head;
import io.carillon.faults.history.Entry.Resync;
import org.jspecify.annotations.Nullable;

/**
 * Whether a reader that is told it cannot go on really could not, and is placed where it may be.
 */
final class ResyncRule {
  private final Facts facts;
  private final Findings findings;

  ResyncRule(Facts facts, Findings findings) {
    this.facts = facts;
    this.findings = findings;
  }

  /**
   * Judges a resync.
   *
   * @param place where the reader was
   * @param given the cursor that its join gave, if that may count instead: it names the same place,
   *     maybe by another epoch
   */
  void judge(Resync resync, RoomLog log, Place place, @Nullable Place given) {
    if (!facts.expected.resyncs().contains(resync.reason())) {
      findings.add(
          Rule.RESYNC,
          resync.reason() + " for " + resync.reader() + " must not happen here",
          resync);
      return;
    }
    String why =
        switch (resync.reason()) {
          case "expired" -> expired(resync, log, place);
          case "epoch" -> epoch(log, place, given);
          case "ahead" -> ahead(resync, log, place);
          default -> "is no reason";
        };
    if (!why.isEmpty()) {
      findings.add(
          Rule.RESYNC,
          resync.reader() + " at " + place + ": " + resync.reason() + ' ' + why,
          resync);
    }
  }

  private String expired(Resync resync, RoomLog log, Place place) {
    Place floor = Place.of(resync.floor());
    if (place.seq() >= floor.seq()) {
      return "although nothing after it was removed";
    }
    Head head = log.head();
    boolean mayShrink = facts.expected.loss();
    return head != null && floor.seq() > head.floor() && !mayShrink
        ? "with a floor that never was"
        : "";
  }

  private static String epoch(RoomLog log, Place place, @Nullable Place given) {
    boolean cutOff = !log.keeps(place) || (given != null && !log.keeps(given));
    return cutOff ? "" : "although its epoch did not fork before it";
  }

  private String ahead(Resync resync, RoomLog log, Place place) {
    if (place.seq() <= Place.of(resync.head()).seq()) {
      return "although it is not beyond the head that was named";
    }
    Op op = log.keeps(place) ? facts.at(log.room, place) : null;
    return op != null && op.known < resync.at() ? "although the log had come as far" : "";
  }

  /** A reader is placed: not beyond what had been published by then. */
  void placed(RoomLog log, Place at, Entry cause, String who) {
    Op op = facts.at(log.room, at);
    Head head = log.head();
    boolean beyond = head != null && log.keeps(at) && at.seq() > head.seq();
    if (beyond || (op != null && op.publish.at() > cause.at())) {
      findings.add(
          Rule.SILENT, who + " was placed at " + at + ", beyond what had been published", cause);
    }
  }
}
