package io.carillon.core.room;

import io.carillon.core.Cursor;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.spi.LogPage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Gap detector and position of one room on one instance. The position advances only here, by one
 * event at a time: own commits, doorbells, polls and pages may come late, twice, in any order, or
 * not at all. Pure state, guarded by the room's lock.
 *
 * <p>A snapshot of the log ({@link LogPage}, {@link Head}) is trusted if its head has the epoch of
 * this position; another epoch requires a fresh read of the head ({@link Need#VERIFY}) before the
 * position moves. Each reset of the position begins a new <em>generation</em>; results of reads
 * that started in an earlier one are discarded.
 */
final class Sequence {
  /** The read that the position needs next. */
  enum Need {
    /** Nothing. */
    NOTHING,
    /** The events after the position. */
    EVENTS,
    /** The head, for the epoch or the log may have changed. */
    VERIFY
  }

  /** Result of a fresh read of the head. */
  enum Verified {
    /** The position holds; the log may have gone on. */
    CONTINUES,
    /** The position lies beyond the point where the log was rewound. */
    REWOUND,
    /** The position was reset during the read; read again. */
    STALE
  }

  private Head head = Head.EMPTY;
  private long wanted;
  private long suspicions;
  private boolean suspected;
  private long generation;

  /**
   * Context of a read, taken when it began, so that a slow read is not mistaken for a rewound log.
   *
   * @param generation generation of the position
   * @param epoch the epoch of the position
   * @param seq the position
   * @param wanted the highest position announced
   * @param suspicions number of suspicions so far
   */
  record ReadContext(long generation, String epoch, long seq, long wanted, long suspicions) {}

  ReadContext readContext() {
    return new ReadContext(generation, head.epoch(), head.seq(), wanted, suspicions);
  }

  /**
   * The position: all events up to it were passed on to readers. The log's floor may be higher by
   * now.
   */
  Head position() {
    return head;
  }

  /** The generation; changes with each reset of the position. */
  long generation() {
    return generation;
  }

  /** Resets the position to a head that was just read. */
  void reset(Head at) {
    head = at;
    wanted = at.seq();
    suspected = false;
    generation++;
  }

  Need need() {
    if (suspected) {
      return Need.VERIFY;
    }
    return wanted > head.seq() ? Need.EVENTS : Need.NOTHING;
  }

  /** Marks the position as suspect: a notification may have been lost. */
  void suspect() {
    suspected = true;
    suspicions++;
  }

  /** Takes a position from a doorbell or a poll: the room has reached at least this. */
  void heard(String epoch, long seq) {
    if (sameEpoch(epoch)) {
      wanted = Math.max(wanted, seq);
    } else {
      suspect();
    }
  }

  /**
   * Takes own commits in ascending order.
   *
   * @return the events that are next
   */
  List<Event> committed(List<Event> events) {
    List<Event> next = new ArrayList<>(events.size());
    for (Event event : events) {
      if (!sameEpoch(event.epoch())) {
        suspect();
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
   * Takes a page of the log.
   *
   * @param context what was known when the read began
   * @return the events that are next
   */
  List<Event> read(LogPage page, ReadContext context) {
    if (context.generation != generation) {
      return List.of();
    }
    if (!sameEpoch(page.head().epoch())) {
      suspect();
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
    if (page.head().seq() < context.seq) {
      suspect();
    } else {
      want(page.head().seq(), context, next.isEmpty());
    }
    return next;
  }

  /**
   * Updates the announced position from the log's head. The head corrects doorbells, which anyone
   * may send, unless a later one arrived during the read.
   */
  private void want(long seq, ReadContext context, boolean correct) {
    boolean heardMore = wanted != context.wanted;
    wanted = Math.max(correct && !heardMore ? head.seq() : wanted, seq);
  }

  /**
   * Moves the position to the head of a page that does not begin with the next event, which is no
   * longer retained.
   *
   * @return false: the page says nothing of this position
   */
  boolean skipped(LogPage page, ReadContext context) {
    boolean current =
        context.generation == generation
            && context.seq == head.seq()
            && sameEpoch(page.head().epoch());
    if (current) {
      reset(page.head());
    }
    return current;
  }

  /**
   * Takes a head that was read afresh, with the fork of this position's epoch if the head has
   * another.
   *
   * @param fork the fork point of the position's epoch; empty: there is none
   * @param context what was known when the read began
   */
  Verified verified(Head fresh, OptionalLong fork, ReadContext context) {
    boolean same = sameEpoch(fresh.epoch());
    if (context.generation != generation || !(same || context.epoch.equals(head.epoch()))) {
      suspect();
      return Verified.STALE;
    }
    boolean holds =
        same ? fresh.seq() >= context.seq : fork.isPresent() && head.seq() <= fork.getAsLong();
    boolean settled = suspicions == context.suspicions;
    if (holds && same) {
      head = new Head(fresh.epoch(), head.seq(), head.floor());
      raiseFloor(fresh.floor());
      want(fresh.seq(), context, true);
    } else if (holds) {
      reset(new Head(fresh.epoch(), head.seq(), Math.min(fresh.floor(), head.seq())));
      wanted = Math.max(head.seq(), fresh.seq());
    } else {
      reset(fresh);
    }
    suspected = !settled;
    return holds ? Verified.CONTINUES : Verified.REWOUND;
  }

  /**
   * Raises the floor, up to the position at most: removed events beyond it are found missing when
   * read.
   */
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
