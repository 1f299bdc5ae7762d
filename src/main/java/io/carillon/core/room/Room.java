package io.carillon.core.room;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.core.room.RoomPosition.HeadSnapshot;
import io.carillon.core.spi.LogPage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Room that somebody reads on this instance: moves its {@link RoomPosition position}, its latest
 * events and its readers together, under one lock. Thread-safe; memory work only. What has to be
 * read from the log is asked of the {@link Sequencer}, lagging readers of the {@link Catchup}.
 */
final class Room {
  private final SerialQueue queue = new SerialQueue();

  private final RoomName name;
  private final Consumer<Subscription> lagging;
  private final RoomPosition position;
  private final Recent recent;
  private final Subscribers subscribers;
  private final Replay replay;
  private boolean retired;
  private volatile boolean large;
  private long emptySince;

  /**
   * Makes a room whose position is not known yet.
   *
   * @param lagging told, outside of the lock, about readers that must go on from the log
   */
  Room(
      RoomName name,
      Recent recent,
      Subscribers subscribers,
      long now,
      Consumer<Subscription> lagging) {
    this.name = name;
    this.position = new RoomPosition(recent);
    this.recent = recent;
    this.subscribers = subscribers;
    this.replay = new Replay(position, recent, subscribers);
    this.emptySince = now;
    this.lagging = lagging;
  }

  RoomName name() {
    return name;
  }

  /** Gives its latest events back; who is behind reads the log. */
  void forgetRecent() {
    position.lock.lock();
    try {
      recent.clear();
    } finally {
      position.lock.unlock();
    }
  }

  /** Where the room stands, and what has to be read to move it on. */
  RoomPosition position() {
    return position;
  }

  /** The steps of its readers that are not live. */
  Replay replay() {
    return replay;
  }

  /** Where it is told what would take too long on a thread that others share. */
  SerialQueue lane() {
    return queue;
  }

  /** Whether it has so many readers that the lane is the way; without the lock. */
  boolean large() {
    return large;
  }

  // ---- position -----------------------------------------------------------------------------

  /** Own commits; true: the caller must start the sequencer's work on this room. */
  boolean committed(List<Event> events) {
    List<Subscription> behind = new ArrayList<>(0);
    position.lock.lock();
    try {
      passOn(position.committed(events), behind);
      return position.beginWork();
    } finally {
      position.lock.unlock();
      behind.forEach(lagging);
    }
  }

  /** A page of the log that somebody read; true as with {@link #committed}. */
  boolean read(LogPage page, Sequence.ReadContext context) {
    List<Subscription> behind = new ArrayList<>(0);
    position.lock.lock();
    try {
      passOn(position.read(page, context), behind);
      return position.beginWork();
    } finally {
      position.lock.unlock();
      behind.forEach(lagging);
    }
  }

  private void passOn(List<Event> next, List<Subscription> behind) {
    for (Event event : next) {
      SharedDelivery sharedDelivery =
          retired ? new SharedDelivery(new Delivery.EventDelivery(event)) : recent.add(event);
      subscribers.pass(sharedDelivery, behind);
    }
    if (!next.isEmpty()) {
      position.moved();
    }
  }

  /** A fresh head, after a suspicion; readers beyond a rewinding are told. */
  HeadSnapshot verified(Head head, OptionalLong fork, Sequence.ReadContext context) {
    List<Subscription> behind = new ArrayList<>(0);
    position.lock.lock();
    try {
      boolean epochChanged = !position.epoch().equals(head.epoch());
      return switch (position.verified(head, fork, context)) {
        case CONTINUES -> position.snapshot(head);
        case STALE -> new HeadSnapshot(head, 0, -1);
        case REWOUND -> {
          long keep = epochChanged ? fork.orElse(-1) : head.seq();
          recent.clear();
          subscribers.rewound(
              head, keep, epochChanged ? Resync.Reason.EPOCH : Resync.Reason.AHEAD, behind);
          yield position.snapshot(head);
        }
      };
    } finally {
      position.moved();
      position.lock.unlock();
      behind.forEach(lagging);
    }
  }

  /** What followed the position is no longer retained: readers who would need it are told. */
  void skipped(LogPage page, Sequence.ReadContext context) {
    List<Subscription> behind = new ArrayList<>(0);
    position.lock.lock();
    try {
      if (position.skipped(page, context)) {
        recent.clear();
        subscribers.skipped(page.head(), behind);
        position.moved();
      }
    } finally {
      position.lock.unlock();
      behind.forEach(lagging);
    }
  }

  // ---- readers ------------------------------------------------------------------------------

  /**
   * Adds a reader that gets nothing yet.
   *
   * @param seq where it begins; -1: at the position
   * @param generation the generation in which {@code seq} was found good; -1: whatever it is
   * @return null: the room was retired or is in another generation
   */
  @Nullable Entered enter(Subscription reader, long seq, long generation) {
    position.lock.lock();
    try {
      if (retired || (generation >= 0 && generation != position.generation())) {
        return null;
      }
      Head head = position.head();
      reader.seq = seq < 0 ? head.seq() : seq;
      subscribers.add(reader);
      large = subscribers.size() >= FanOut.LARGE;
      return new Entered(head, reader.seq);
    } finally {
      position.lock.unlock();
    }
  }

  /** The answer to the join was queued: events may follow. */
  void begin(Subscription reader) {
    boolean behind;
    position.lock.lock();
    try {
      behind = subscribers.begin(reader) && !(replay.advance(reader) instanceof Step.Over);
    } finally {
      position.lock.unlock();
    }
    if (behind) {
      lagging.accept(reader);
    }
  }

  void exit(Subscription reader, long now) {
    position.lock.lock();
    try {
      subscribers.remove(reader);
      large = subscribers.size() >= FanOut.LARGE;
      emptySince = now;
    } finally {
      position.lock.unlock();
    }
  }

  int readers() {
    position.lock.lock();
    try {
      return subscribers.size();
    } finally {
      position.lock.unlock();
    }
  }

  /** Retires the room if nobody has read it for so long; a retired room takes no reader. */
  boolean retire(long now, long idleNanos) {
    position.lock.lock();
    try {
      if (!retired && subscribers.size() == 0 && now - emptySince > idleNanos) {
        retired = true;
        recent.clear();
      }
      return retired;
    } finally {
      position.lock.unlock();
    }
  }

  boolean retired() {
    position.lock.lock();
    try {
      return retired;
    } finally {
      position.lock.unlock();
    }
  }

  void signal(Signal signal) {
    position.lock.lock();
    try {
      subscribers.signal(signal);
    } finally {
      position.lock.unlock();
    }
  }
}
