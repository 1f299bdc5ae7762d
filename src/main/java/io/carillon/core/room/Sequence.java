package io.carillon.core.room;

import io.carillon.core.Cursor;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.spi.LogPage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The position of one room on one instance, and the only gate through which it moves: by one event
 * at a time. Own commits, doorbells, polls and pages may come late, twice, in any order, or not at
 * all. Pure state, guarded by the room's lock.
 *
 * <p>What comes from the log in one snapshot ({@link LogPage}, {@link Head}) is trusted if its head
 * has the epoch of this position; everything of another epoch asks for a fresh look at the head
 * ({@link Need#VERIFY}) before anything moves.
 */
final class Sequence {
  /** What has to be read before the position can move on. */
  enum Need {
    /** Nothing. */
    NOTHING,
    /** The events after the position. */
    EVENTS,
    /** The head, for the epoch or the log may have changed. */
    VERIFY
  }

  /** What a fresh look at the head found. */
  enum Verified {
    /** The position holds; the log may have gone on. */
    CONTINUES,
    /** The position lies beyond the point where the log was rewound. */
    REWOUND
  }

  private Head head = Head.EMPTY;
  private long wanted;
  private boolean doubtful;

  /**
   * What was known when a read began, so that a slow read is not taken for a rewound log.
   *
   * @param seq the position
   * @param wanted the highest position heard of
   */
  record Asked(long seq, long wanted) {}

  Asked asked() {
    return new Asked(head.seq(), wanted);
  }

  /**
   * Where everything before was passed on to readers; the floor may be higher in the log by now.
   */
  Head position() {
    return head;
  }

  /** Begins, or begins again, at a head that was just read. */
  void reset(Head at) {
    head = at;
    wanted = Math.max(at.seq(), 0);
    doubtful = false;
  }

  Need need() {
    if (doubtful) {
      return Need.VERIFY;
    }
    return wanted > head.seq() ? Need.EVENTS : Need.NOTHING;
  }

  /** A doorbell or a poll: the room has reached at least this. */
  void heard(String epoch, long seq) {
    if (sameEpoch(epoch)) {
      wanted = Math.max(wanted, seq);
    } else {
      doubtful = true;
    }
  }

  /**
   * Own commits in ascending order.
   *
   * @return those that are next
   */
  List<Event> committed(List<Event> events) {
    List<Event> next = new ArrayList<>(events.size());
    for (Event event : events) {
      if (!sameEpoch(event.epoch())) {
        doubtful = true;
      } else if (event.seq() == head.seq() + 1) {
        advance(event.epoch(), event.seq());
        next.add(event);
      } else {
        wanted = Math.max(wanted, event.seq());
      }
    }
    return next;
  }

  /**
   * A page of the log.
   *
   * @param asked what was known when the read began
   * @return the events that are next
   */
  List<Event> read(LogPage page, Asked asked) {
    if (!sameEpoch(page.head().epoch())) {
      doubtful = true;
      return List.of();
    }
    List<Event> next = new ArrayList<>(page.events().size());
    for (Event event : page.events()) {
      if (event.seq() == head.seq() + 1) {
        advance(page.head().epoch(), event.seq());
        next.add(event);
      }
    }
    raiseFloor(page.head().floor());
    if (page.head().seq() < asked.seq) {
      doubtful = true;
    } else if (next.isEmpty() && wanted == asked.wanted) {
      wanted = Math.max(head.seq(), page.head().seq());
    } else {
      wanted = Math.max(wanted, page.head().seq());
    }
    return next;
  }

  /**
   * A head that was read afresh, with the fork of this position's epoch if the head has another.
   *
   * @param fork up to where a reader of this position's epoch may continue; empty: nowhere
   * @param asked what was known when the read began
   */
  Verified verified(Head fresh, OptionalLong fork, Asked asked) {
    doubtful = false;
    boolean holds =
        sameEpoch(fresh.epoch())
            ? fresh.seq() >= asked.seq
            : fork.isPresent() && head.seq() <= fork.getAsLong();
    if (!holds) {
      reset(fresh);
      return Verified.REWOUND;
    }
    head = new Head(fresh.epoch(), head.seq(), Math.min(head.floor(), head.seq()));
    raiseFloor(fresh.floor());
    wanted = Math.max(head.seq(), fresh.seq());
    return Verified.CONTINUES;
  }

  /** The floor is raised up to the position only: what lies between is found missing when read. */
  private void raiseFloor(long floor) {
    if (floor > head.floor()) {
      head = new Head(head.epoch(), head.seq(), Math.min(floor, head.seq()));
    }
  }

  private void advance(String epoch, long seq) {
    head = new Head(epoch, seq, head.floor());
    wanted = Math.max(wanted, seq);
  }

  /** A position without events takes the first epoch that it meets. */
  private boolean sameEpoch(String epoch) {
    return head.epoch().equals(epoch) || (head.epoch().equals(Cursor.NO_EPOCH) && head.seq() == 0);
  }
}
