package io.carillon.core.room;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.core.room.Subscription.Mode;
import io.carillon.core.spi.LogPage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A room that somebody reads on this instance: its position, its latest events and its readers.
 * Thread-safe; everything here is memory work under one lock. What has to be read from the log is
 * asked of the {@link Sequencer}, lagging readers of the {@link Catchup}.
 */
final class Room {
  /** How many recent events a reader gets at a time, while the others wait. */
  private static final int CHUNK = 128;

  /** Where the room stands after a fresh look at its head, see {@link Sequencer#refresh}. */
  private final Fresh<Standing> looks = new Fresh<>();

  private final Forks forks = new Forks();
  private final SerialQueue queue = new SerialQueue();

  private final RoomName name;
  private final Consumer<Subscription> lagging;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Sequence sequence = new Sequence();
  private final Recent recent;
  private final Subscribers subscribers;
  private boolean loaded;
  private boolean working;
  private boolean retired;
  private volatile boolean large;
  private long emptySince;

  /**
   * Where a room stands.
   *
   * @param head the head: the position, or a fresh one
   * @param oldest after which position everything up to the room's own is in memory
   * @param era of the position, to be told apart from what it becomes later
   */
  record Standing(Head head, long oldest, long era) {}

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
    this.recent = recent;
    this.subscribers = subscribers;
    this.emptySince = now;
    this.lagging = lagging;
  }

  RoomName name() {
    return name;
  }

  /** Where old epochs of this room end. */
  Forks forks() {
    return forks;
  }

  /** Gives its latest events back; who is behind reads the log. */
  void forgetRecent() {
    lock.lock();
    try {
      recent.clear();
    } finally {
      lock.unlock();
    }
  }

  Fresh<Standing> looks() {
    return looks;
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

  boolean loaded() {
    lock.lock();
    try {
      return loaded;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the head that was read for a room that is not loaded; later calls do nothing. What was
   * heard while it was read may be missing in it, and is looked for by the sequencer's work.
   */
  Standing load(Head head) {
    lock.lock();
    try {
      if (!loaded) {
        boolean heard = sequence.need() != Sequence.Need.NOTHING;
        sequence.reset(head);
        if (heard) {
          sequence.doubt();
        }
        loaded = true;
      }
      return standing(head);
    } finally {
      lock.unlock();
    }
  }

  private Standing standing(Head head) {
    return new Standing(head, recent.oldest(sequence.position().seq()), sequence.era());
  }

  Standing standing() {
    lock.lock();
    try {
      return standing(sequence.position());
    } finally {
      lock.unlock();
    }
  }

  Head position() {
    lock.lock();
    try {
      return sequence.position();
    } finally {
      lock.unlock();
    }
  }

  /** What is known before a read begins. */
  Sequence.Asked asked() {
    lock.lock();
    try {
      return sequence.asked();
    } finally {
      lock.unlock();
    }
  }

  /** A doorbell or a poll; true: the caller must start the sequencer's work on this room. */
  boolean heard(String epoch, long seq) {
    lock.lock();
    try {
      if (loaded) {
        sequence.heard(epoch, seq);
      } else {
        sequence.doubt();
      }
      return beginWork();
    } finally {
      lock.unlock();
    }
  }

  /** More may have happened than was told; true as with {@link #heard}. */
  boolean doubted() {
    lock.lock();
    try {
      sequence.doubt();
      return beginWork();
    } finally {
      lock.unlock();
    }
  }

  /** Own commits; true as with {@link #heard}. */
  boolean committed(List<Event> events) {
    List<Subscription> behind = new ArrayList<>(0);
    lock.lock();
    try {
      if (loaded) {
        passOn(sequence.committed(events), behind);
      } else {
        sequence.doubt();
      }
      return beginWork();
    } finally {
      lock.unlock();
      behind.forEach(lagging);
    }
  }

  /** A page of the log that somebody read; true as with {@link #heard}. */
  boolean read(LogPage page, Sequence.Asked asked) {
    List<Subscription> behind = new ArrayList<>(0);
    lock.lock();
    try {
      if (loaded) {
        passOn(sequence.read(page, asked), behind);
      }
      return beginWork();
    } finally {
      lock.unlock();
      behind.forEach(lagging);
    }
  }

  private void passOn(List<Event> next, List<Subscription> behind) {
    for (Event event : next) {
      SharedDelivery sharedDelivery =
          retired ? new SharedDelivery(new Delivery.EventDelivery(event)) : recent.add(event);
      subscribers.pass(sharedDelivery, behind);
    }
    if (!next.isEmpty() && lock.hasWaiters(moved)) {
      moved.signalAll();
    }
  }

  /** A fresh head, after doubts; readers beyond a rewinding are told. */
  Standing verified(Head head, OptionalLong fork, Sequence.Asked asked) {
    List<Subscription> behind = new ArrayList<>(0);
    lock.lock();
    try {
      Head before = sequence.position();
      return switch (sequence.verified(head, fork, asked)) {
        case CONTINUES -> standing(head);
        case STALE -> new Standing(head, 0, -1);
        case REWOUND -> {
          boolean epochChanged = !before.epoch().equals(head.epoch());
          long keep = epochChanged ? fork.orElse(-1) : head.seq();
          recent.clear();
          subscribers.rewound(
              head, keep, epochChanged ? Resync.Reason.EPOCH : Resync.Reason.AHEAD, behind);
          yield standing(head);
        }
      };
    } finally {
      moved.signalAll();
      lock.unlock();
      behind.forEach(lagging);
    }
  }

  /** What followed the position is no longer retained: readers who would need it are told. */
  void skipped(LogPage page, Sequence.Asked asked) {
    List<Subscription> behind = new ArrayList<>(0);
    lock.lock();
    try {
      if (sequence.skipped(page, asked)) {
        recent.clear();
        subscribers.skipped(page.head(), behind);
        moved.signalAll();
      }
    } finally {
      lock.unlock();
      behind.forEach(lagging);
    }
  }

  /** What must be read next; {@link Sequence.Need#NOTHING} also ends the work begun. */
  Sequence.Need need() {
    lock.lock();
    try {
      Sequence.Need need = sequence.need();
      working = need != Sequence.Need.NOTHING;
      return need;
    } finally {
      lock.unlock();
    }
  }

  /** The work could not be done now; the next poll begins it anew. */
  void giveUp() {
    lock.lock();
    try {
      working = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is work that nobody does; true: the caller must start it. */
  boolean idleWork() {
    lock.lock();
    try {
      return beginWork();
    } finally {
      lock.unlock();
    }
  }

  private boolean beginWork() {
    if (working || !loaded || sequence.need() == Sequence.Need.NOTHING) {
      return false;
    }
    working = true;
    return true;
  }

  /**
   * Waits until the position has reached {@code seq}, or is of another era.
   *
   * @return false: neither, in the given time
   */
  boolean awaitPosition(long seq, long era, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (awaited(seq, era) && left > 0) {
        left = moved.awaitNanos(left);
      }
      return !awaited(seq, era);
    } finally {
      lock.unlock();
    }
  }

  private boolean awaited(long seq, long era) {
    return sequence.position().seq() < seq && sequence.era() == era;
  }

  // ---- readers ------------------------------------------------------------------------------

  /**
   * Adds a reader that gets nothing yet.
   *
   * @param seq where it begins; -1: at the position
   * @param era the era in which {@code seq} was found good; -1: whatever it is
   * @return null: the room was retired or is in another era
   */
  @Nullable Entered enter(Subscription reader, long seq, long era) {
    lock.lock();
    try {
      if (retired || (era >= 0 && era != sequence.era())) {
        return null;
      }
      Head head = sequence.position();
      reader.seq = seq < 0 ? head.seq() : seq;
      subscribers.add(reader);
      large = subscribers.size() >= FanOut.LARGE;
      return new Entered(head, reader.seq);
    } finally {
      lock.unlock();
    }
  }

  /** The answer to the join was queued: events may follow. */
  void begin(Subscription reader) {
    boolean behind;
    lock.lock();
    try {
      behind = subscribers.begin(reader) && !(advance(reader) instanceof Step.Over);
    } finally {
      lock.unlock();
    }
    if (behind) {
      lagging.accept(reader);
    }
  }

  void exit(Subscription reader, long now) {
    lock.lock();
    try {
      subscribers.remove(reader);
      large = subscribers.size() >= FanOut.LARGE;
      emptySince = now;
    } finally {
      lock.unlock();
    }
  }

  int readers() {
    lock.lock();
    try {
      return subscribers.size();
    } finally {
      lock.unlock();
    }
  }

  /** Retires the room if nobody has read it for so long; a retired room takes no reader. */
  boolean retire(long now, long idleNanos) {
    lock.lock();
    try {
      if (!retired && subscribers.size() == 0 && now - emptySince > idleNanos) {
        retired = true;
        recent.clear();
      }
      return retired;
    } finally {
      lock.unlock();
    }
  }

  boolean retired() {
    lock.lock();
    try {
      return retired;
    } finally {
      lock.unlock();
    }
  }

  void signal(Signal signal) {
    lock.lock();
    try {
      subscribers.signal(signal);
    } finally {
      lock.unlock();
    }
  }

  // ---- catching up --------------------------------------------------------------------------

  /** Moves a reader on with what is in memory; makes it live when it has caught up. */
  Step next(Subscription reader) {
    lock.lock();
    try {
      return advance(reader);
    } finally {
      lock.unlock();
    }
  }

  private Step advance(Subscription reader) {
    if (reader.mode != Mode.CATCHING_UP) {
      return new Step.Over();
    }
    if (!subscribers.payOwed(reader)) {
      return new Step.Full();
    }
    if (reader.seq != sequence.position().seq()) {
      int limit = subscribers.conflates() ? Integer.MAX_VALUE : CHUNK;
      List<SharedDelivery> ready = recent.after(reader.seq, limit);
      if (ready == null) {
        return new Step.Read(reader.seq);
      }
      if (!subscribers.giveNext(reader, ready)) {
        return new Step.Full();
      }
      if (reader.seq != sequence.position().seq()) {
        return new Step.Again();
      }
    }
    reader.mode = Mode.LIVE;
    return new Step.Over();
  }

  /**
   * Moves a reader on with a page of the log.
   *
   * @param after which events were read
   * @param page what was found
   * @param events its events, wrapped for sharing
   * @param asked what was known when the read began
   */
  Step replay(
      Subscription reader,
      long after,
      LogPage page,
      List<SharedDelivery> events,
      Sequence.Asked asked) {
    lock.lock();
    try {
      if (reader.mode != Mode.CATCHING_UP) {
        return new Step.Over();
      }
      Head head = page.head();
      if (asked.era() != sequence.era() || !head.epoch().equals(sequence.position().epoch())) {
        return new Step.Doubt();
      }
      if (reader.seq != after || reader.owed != null) {
        return new Step.Again();
      }
      if (events.isEmpty() && head.seq() == after) {
        return new Step.ComeUp(after, asked.era());
      }
      if (!events.isEmpty() && Recent.event(events.getFirst()).seq() == after + 1) {
        recent.fill(events, sequence.position().seq());
        return subscribers.giveNext(reader, events) ? new Step.Again() : new Step.Full();
      }
      Resync.Reason reason = after > head.seq() ? Resync.Reason.AHEAD : Resync.Reason.EXPIRED;
      subscribers.resync(reader, head, reason, List.of());
      return new Step.Again();
    } finally {
      lock.unlock();
    }
  }
}
