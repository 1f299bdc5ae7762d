package io.carillon.core.room;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.Shared;
import io.carillon.core.room.Subscription.Mode;
import io.carillon.core.spi.LogPage;
import io.carillon.core.spi.Probe;
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
  private final RoomName name;
  private final Probe probe;
  private final Consumer<Subscription> lagging;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Sequence sequence = new Sequence();
  private final Recent recent;
  private final List<Subscription> readers = new ArrayList<>();
  private boolean loaded;
  private boolean working;
  private boolean retired;
  private long emptySince;

  /**
   * Makes a room whose position is not known yet.
   *
   * @param lagging told, outside of the lock, about readers that must go on from the log
   */
  Room(RoomName name, Recent recent, Probe probe, long now, Consumer<Subscription> lagging) {
    this.name = name;
    this.recent = recent;
    this.probe = probe;
    this.emptySince = now;
    this.lagging = lagging;
  }

  RoomName name() {
    return name;
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

  /** Takes the head that was read for a room that is not loaded; later calls do nothing. */
  void load(Head head) {
    lock.lock();
    try {
      if (!loaded) {
        sequence.reset(head);
        loaded = true;
      }
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

  /** A doorbell or a poll; true: the caller must start the sequencer's work on this room. */
  boolean heard(String epoch, long seq) {
    lock.lock();
    try {
      if (!loaded) {
        return false;
      }
      sequence.heard(epoch, seq);
      return beginWork();
    } finally {
      lock.unlock();
    }
  }

  /** Own commits; true as with {@link #heard}. */
  boolean committed(List<Event> events) {
    List<Subscription> behind = new ArrayList<>(0);
    try {
      lock.lock();
      try {
        if (!loaded) {
          return false;
        }
        sequence.committed(events).forEach(e -> fanOut(e, behind));
        return beginWork();
      } finally {
        lock.unlock();
      }
    } finally {
      behind.forEach(lagging);
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

  /** A page of the log that somebody read. */
  void read(LogPage page, Sequence.Asked asked) {
    List<Subscription> behind = new ArrayList<>(0);
    lock.lock();
    try {
      if (loaded) {
        sequence.read(page, asked).forEach(e -> fanOut(e, behind));
      }
    } finally {
      lock.unlock();
    }
    behind.forEach(lagging);
  }

  /** A fresh head, after doubts; readers beyond a rewinding are told. */
  void verified(Head head, OptionalLong fork, Sequence.Asked asked) {
    List<Subscription> behind = new ArrayList<>(0);
    lock.lock();
    try {
      boolean epochChanged = !sequence.position().epoch().equals(head.epoch());
      if (sequence.verified(head, fork, asked) == Sequence.Verified.REWOUND) {
        recent.clear();
        Resync.Reason reason = epochChanged ? Resync.Reason.EPOCH : Resync.Reason.AHEAD;
        long keep = epochChanged ? fork.orElse(-1) : head.seq();
        for (Subscription reader : readers) {
          if (reader.seq > keep && reader.mode != Mode.ENDED) {
            resync(reader, head, reason);
          } else if (reader.mode == Mode.LIVE && reader.seq < head.seq()) {
            reader.mode = Mode.CATCHING_UP;
            behind.add(reader);
          }
        }
      }
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    behind.forEach(lagging);
  }

  /** What followed the position is no longer retained: live readers are told. */
  void skipped(Sequence.Asked asked, Head head) {
    lock.lock();
    try {
      if (sequence.position().seq() == asked.seq()) {
        sequence.reset(head);
        recent.clear();
        for (Subscription reader : readers) {
          if (reader.seq < head.floor()) {
            resync(reader, head, Resync.Reason.EXPIRED);
          }
        }
        moved.signalAll();
      }
    } finally {
      lock.unlock();
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
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean beginWork() {
    if (working || sequence.need() == Sequence.Need.NOTHING) {
      return false;
    }
    working = true;
    return true;
  }

  /**
   * Waits until the position has reached {@code seq}.
   *
   * @return false: it has not, in the given time
   */
  boolean awaitPosition(long seq, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (sequence.position().seq() < seq && left > 0) {
        left = moved.awaitNanos(left);
      }
      return sequence.position().seq() >= seq;
    } finally {
      lock.unlock();
    }
  }

  /** Passes the event that is next to every reader that is live; the lock is held. */
  private void fanOut(Event event, List<Subscription> behind) {
    Shared shared = recent.add(event);
    for (Subscription reader : readers) {
      if (reader.mode == Mode.LIVE) {
        if (reader.connection.deliver(shared)) {
          reader.seq = event.seq();
        } else {
          reader.mode = Mode.CATCHING_UP;
          probe.lagged();
          behind.add(reader);
        }
      }
    }
    probe.sequenced(event.at());
    if (lock.hasWaiters(moved)) {
      moved.signalAll();
    }
  }

  // ---- readers ------------------------------------------------------------------------------

  /**
   * Adds a reader that gets nothing yet.
   *
   * @param seq where it begins; -1: at the position
   * @return the head as this instance knows it; null: the room was retired, take a new one
   */
  @Nullable Head enter(Subscription reader, long seq) {
    lock.lock();
    try {
      if (retired) {
        return null;
      }
      Head head = sequence.position();
      reader.seq = seq < 0 ? head.seq() : seq;
      readers.add(reader);
      return head;
    } finally {
      lock.unlock();
    }
  }

  /** The answer to the join was queued: events may follow. */
  void begin(Subscription reader) {
    lock.lock();
    try {
      if (reader.mode != Mode.JOINING) {
        return;
      }
      reader.mode = Mode.CATCHING_UP;
      Resync owed = reader.owed;
      if (owed != null) {
        reader.owed = null;
        reader.connection.deliver(new Delivery.ResyncDelivery(owed));
      }
    } finally {
      lock.unlock();
    }
    lagging.accept(reader);
  }

  void exit(Subscription reader, long now) {
    lock.lock();
    try {
      reader.mode = Mode.ENDED;
      readers.remove(reader);
      if (readers.isEmpty()) {
        emptySince = now;
      }
    } finally {
      lock.unlock();
    }
  }

  int readers() {
    lock.lock();
    try {
      return readers.size();
    } finally {
      lock.unlock();
    }
  }

  /** Retires the room if nobody has read it for so long; a retired room takes no reader. */
  boolean retire(long now, long idleNanos) {
    lock.lock();
    try {
      if (readers.isEmpty() && now - emptySince > idleNanos) {
        retired = true;
      }
      return retired;
    } finally {
      lock.unlock();
    }
  }

  /** Delivers a signal to the readers that want it, except the connection that sent it. */
  void signal(Signal signal) {
    Shared shared = new Shared(new Delivery.SignalDelivery(signal));
    lock.lock();
    try {
      for (Subscription reader : readers) {
        if (reader.signals && reader.mode != Mode.JOINING && concerns(signal, reader)) {
          if (!reader.connection.deliver(shared)) {
            probe.dropped();
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean concerns(Signal signal, Subscription reader) {
    String to = signal.to();
    return !reader.connection.id().equals(signal.from())
        && (to == null || to.equals(reader.connection.identity().user()));
  }

  // ---- catching up --------------------------------------------------------------------------

  /** What a lagging reader does next. */
  sealed interface Step {
    /** Nothing: it is live, or has ended. */
    record Over() implements Step {}

    /** Put these into its outbox. */
    record Queue(List<Shared> events) implements Step {}

    /** Read the log after this and call {@link #next} again. */
    record Read(long after) implements Step {}
  }

  /** The next step of a reader that is not live; makes it live when it has caught up. */
  Step next(Subscription reader, int limit) {
    lock.lock();
    try {
      if (reader.mode != Mode.CATCHING_UP) {
        return new Step.Over();
      }
      if (reader.seq == sequence.position().seq()) {
        reader.mode = Mode.LIVE;
        return new Step.Over();
      }
      List<Shared> ready = recent.after(reader.seq, limit);
      return ready == null ? new Step.Read(reader.seq) : new Step.Queue(ready);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts events into the reader's outbox, as far as they are next and there is room.
   *
   * @return false: the outbox is full
   */
  boolean queue(Subscription reader, List<Shared> events) {
    lock.lock();
    try {
      for (Shared shared : events) {
        if (reader.mode != Mode.CATCHING_UP) {
          return true;
        }
        if (Recent.event(shared).seq() == reader.seq + 1) {
          if (!reader.connection.deliver(shared)) {
            return false;
          }
          reader.seq++;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** What comes next for this reader is no longer in the log, or never was. */
  void lost(Subscription reader, Head head) {
    lock.lock();
    try {
      if (reader.mode == Mode.CATCHING_UP) {
        boolean ahead = reader.seq > head.seq();
        resync(reader, head, ahead ? Resync.Reason.AHEAD : Resync.Reason.EXPIRED);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Says resync and moves the reader to the head; the lock is held. */
  private void resync(Subscription reader, Head head, Resync.Reason reason) {
    probe.resynced(reason.word());
    Resync resync = new Resync(name, reason, head.cursor(), head.floorCursor());
    reader.seq = head.seq();
    if (reader.mode == Mode.JOINING) {
      reader.owed = resync;
    } else {
      reader.connection.deliver(new Delivery.ResyncDelivery(resync));
    }
  }
}
