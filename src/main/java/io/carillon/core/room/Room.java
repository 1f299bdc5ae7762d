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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Room with readers on this instance: its {@link RoomPosition position}, latest events and readers,
 * moved together under one lock. Thread-safe; memory work only. The {@link Sequencer} reads the log
 * for its position, {@link Catchup} for its lagging readers.
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
   * Creates a room without a position.
   *
   * @param lagging takes, outside of the lock, the readers that have to continue from the log
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

  /** Drops its latest events; lagging readers then read the log. */
  void forgetRecent() {
    position.lock.lock();
    try {
      recent.clear();
    } finally {
      position.lock.unlock();
    }
  }

  /** The position, with the reads that it needs. */
  RoomPosition position() {
    return position;
  }

  /** The replay of readers that are not live. */
  Replay replay() {
    return replay;
  }

  /** The queue of deliveries that are too long for a shared thread. */
  SerialQueue lane() {
    return queue;
  }

  /** Whether it has so many readers that deliveries go through the queue; read without the lock. */
  boolean large() {
    return large;
  }

  // ---- position -----------------------------------------------------------------------------

  /** Takes own commits; true: the caller must start the sequencer's work on this room. */
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

  /** Takes a page of the log; true as with {@link #committed}. */
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

  /** Takes a fresh head after a suspicion; readers beyond a rewound head get a resync. */
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

  /** Skips events that are no longer retained; readers that would need them get a resync. */
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
   * Adds a reader, which gets nothing before {@link #begin}.
   *
   * @param seq position at which it begins; -1: the room's
   * @param generation the generation in which {@code seq} was validated; -1: any
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

  /** Starts deliveries to a reader: the answer to its join is queued. */
  void begin(Subscription reader) {
    boolean behind;
    position.lock.lock();
    try {
      boolean begun = subscribers.begin(reader);
      behind = begun && !(replay.advance(reader) instanceof Step.Over);
      if (begun) {
        subscribers.signalHeld(reader);
      }
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

  RoomReading reading(Subscription reader) {
    position.lock.lock();
    try {
      return new RoomReading(name(), reader.seq, Math.max(0, position.head().seq() - reader.seq));
    } finally {
      position.lock.unlock();
    }
  }

  RoomActivity activity(Instant since, Instant now) {
    position.lock.lock();
    try {
      return new RoomActivity(name, subscribers.size(), recent.count(since, now));
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

  /** Retires a room without readers for that long; a retired room takes no reader. */
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
