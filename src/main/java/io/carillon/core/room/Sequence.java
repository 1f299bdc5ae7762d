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
 * ({@link Need#VERIFY}) before anything moves. A read that began in an earlier <em>generation</em>,
 * before the position last changed in any way but by one event, says nothing of this one.
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
    REWOUND,
    /** The look was overtaken by something else; look again. */
    STALE
  }

  private Head head = Head.EMPTY;
  private long wanted;
  private long suspicions;
  private boolean suspected;
  private long generation;

  /**
   * What was known when a read began, so that a slow read is not taken for a rewound log.
   *
   * @param generation which stretch of the position's life it was
   * @param epoch the epoch of the position
   * @param seq the position
   * @param wanted the highest position heard of
   * @param suspicions how often the position was suspected
   */
  record ReadContext(long generation, String epoch, long seq, long wanted, long suspicions) {}

  ReadContext readContext() {
    return new ReadContext(generation, head.epoch(), head.seq(), wanted, suspicions);
  }

  /**
   * Where everything before was passed on to readers; the floor may be higher in the log by now.
   */
  Head position() {
    return head;
  }

  /** Changes whenever the position changes in any other way than by one event. */
  long generation() {
    return generation;
  }

  /** Begins, or begins again, at a head that was just read. */
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

  /** Something may have happened of which nothing is known. */
  void suspect() {
    suspected = true;
    suspicions++;
  }

  /** A doorbell or a poll: the room has reached at least this. */
  void heard(String epoch, long seq) {
    if (sameEpoch(epoch)) {
      wanted = Math.max(wanted, seq);
    } else {
      suspect();
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
   * A page of the log.
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
   * What the log's head says of what there is to read. It corrects what was heard (anyone may ring
   * a doorbell), unless more was heard while the head was being read.
   */
  private void want(long seq, ReadContext context, boolean correct) {
    boolean heardMore = wanted != context.wanted;
    wanted = Math.max(correct && !heardMore ? head.seq() : wanted, seq);
  }

  /**
   * A page that was read after the position does not begin with what is next: that is no longer
   * retained, and the position moves to the page's head.
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
   * A head that was read afresh, with the fork of this position's epoch if the head has another.
   *
   * @param fork up to where a reader of the epoch that was asked about may continue; empty: nowhere
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
