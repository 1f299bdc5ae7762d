package io.carillon.core.room;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.core.room.Subscription.Mode;
import io.carillon.core.spi.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Subscribers of one room on this instance, with the fan-out of events, signals and resyncs to
 * them. Guarded by the room's lock; nothing here blocks or ends a connection.
 *
 * <p>A reader's {@code seq} advances by one with each event that enters its send queue, or that it
 * published itself and wants no echo of. It advances by more where the namespace conflates and the
 * reader lags (the event tells how many were skipped), and to the head together with a resync that
 * precedes all else. A reader is live only while its {@code seq} is the room's position: a delivery
 * that fails for any reason makes it lag, and no later event overtakes.
 */
final class Subscribers {
  private final RoomName room;
  private final Probe probe;
  private final BooleanSupplier conflates;
  private final List<Subscription> readers = new ArrayList<>();

  /**
   * Creates an empty set of subscribers.
   *
   * @param conflates whether lagging readers get only the latest event of each name; evaluated each
   *     time
   */
  Subscribers(RoomName room, Probe probe, BooleanSupplier conflates) {
    this.room = room;
    this.probe = probe;
    this.conflates = conflates;
  }

  boolean conflates() {
    return conflates.getAsBoolean();
  }

  int size() {
    return readers.size();
  }

  /** Adds a reader, which gets nothing before {@link #begin}. */
  void add(Subscription reader) {
    reader.place = readers.size();
    readers.add(reader);
  }

  /** Removes a reader, if present; the last one takes its index, so that no other moves. */
  void remove(Subscription reader) {
    reader.mode = Mode.ENDED;
    int place = reader.place;
    if (place < 0) {
      return;
    }
    reader.place = -1;
    Subscription last = readers.removeLast();
    if (last != reader) {
      readers.set(place, last);
      last.place = place;
    }
  }

  /**
   * Starts deliveries to a reader after the answer to its join; false: it has ended, or had begun
   * before.
   */
  boolean begin(Subscription reader) {
    if (reader.mode != Mode.JOINING) {
      return false;
    }
    reader.mode = Mode.CATCHING_UP;
    return true;
  }

  /**
   * Delivers the next event to every live reader.
   *
   * @param behind collects the readers that have to continue from the log
   */
  void pass(SharedDelivery sharedDelivery, List<Subscription> behind) {
    Event event = Recent.event(sharedDelivery);
    for (Subscription reader : readers) {
      if (reader.mode == Mode.LIVE && !give(reader, sharedDelivery, event)) {
        probe.lagged();
        fallBehind(reader, behind);
      }
    }
    probe.sequenced(event.at());
  }

  private static boolean give(Subscription reader, SharedDelivery sharedDelivery, Event event) {
    if (reader.seq + 1 != event.seq()
        || !(reader.mutes(event) || deliver(reader, sharedDelivery, event))) {
      return false;
    }
    reader.seq = event.seq();
    return true;
  }

  /** Delivers an event, with the number of events skipped before it. */
  private static boolean deliver(Subscription reader, SharedDelivery sharedDelivery, Event event) {
    boolean delivered =
        reader.untold == 0
            ? reader.connection.deliver(sharedDelivery)
            : reader.connection.deliver(new Delivery.EventDelivery(event, reader.untold));
    reader.untold = delivered ? 0 : reader.untold;
    return delivered;
  }

  private static void fallBehind(Subscription reader, List<Subscription> behind) {
    reader.mode = Mode.CATCHING_UP;
    behind.add(reader);
  }

  /**
   * Delivers the next events to a reader that catches up; if the room conflates, only the latest of
   * each name.
   *
   * @return false: its send queue is full
   */
  boolean giveNext(Subscription reader, List<SharedDelivery> events) {
    if (conflates()) {
      return giveLatest(reader, events);
    }
    for (SharedDelivery sharedDelivery : events) {
      Event event = Recent.event(sharedDelivery);
      if (event.seq() == reader.seq + 1 && !give(reader, sharedDelivery, event)) {
        return false;
      }
    }
    return true;
  }

  private static boolean giveLatest(Subscription reader, List<SharedDelivery> events) {
    int next = 0;
    for (SharedDelivery sharedDelivery : Conflation.latest(events, reader.seq)) {
      Event event = Recent.event(sharedDelivery);
      int leftOut = 0;
      for (; events.get(next) != sharedDelivery; next++) {
        Event before = Recent.event(events.get(next));
        leftOut += before.seq() > reader.seq && !reader.mutes(before) ? 1 : 0;
      }
      reader.untold += leftOut;
      if (!reader.mutes(event) && !deliver(reader, sharedDelivery, event)) {
        reader.untold -= leftOut;
        return false;
      }
      reader.seq = event.seq();
    }
    return true;
  }

  /**
   * Handles a rewound log: the position is at {@code head} now.
   *
   * @param keep readers up to this position continue
   */
  void rewound(Head head, long keep, Resync.Reason reason, List<Subscription> behind) {
    for (Subscription reader : readers) {
      if (reader.seq > keep) {
        resync(reader, head, reason, behind);
      } else if (reader.mode == Mode.LIVE && reader.seq != head.seq()) {
        fallBehind(reader, behind);
      }
    }
  }

  /** Handles a skip of the position to {@code head}: the events between are no longer retained. */
  void skipped(Head head, List<Subscription> behind) {
    for (Subscription reader : readers) {
      if (reader.seq < head.floor()) {
        resync(reader, head, Resync.Reason.EXPIRED, behind);
      } else if (reader.mode == Mode.LIVE && reader.seq != head.seq()) {
        fallBehind(reader, behind);
      }
    }
  }

  /** Moves a reader to the head and sends it a resync, before any other delivery. */
  void resync(Subscription reader, Head head, Resync.Reason reason, List<Subscription> behind) {
    probe.resynced(reason.word());
    reader.pendingResync = new Resync(room, reason, head.cursor(), head.floorCursor());
    reader.seq = head.seq();
    reader.untold = 0;
    if (reader.mode == Mode.LIVE && !sendPendingResync(reader)) {
      fallBehind(reader, behind);
    }
  }

  /**
   * Sends the pending resync, if there is one, to a reader that has begun; false: its send queue is
   * full.
   */
  boolean sendPendingResync(Subscription reader) {
    Resync pendingResync = reader.pendingResync;
    if (pendingResync != null) {
      if (!reader.connection.deliver(new Delivery.ResyncDelivery(pendingResync))) {
        return false;
      }
      reader.pendingResync = null;
    }
    return true;
  }

  /**
   * Delivers a signal to the readers that asked for signals, except the sending connection; to
   * those whose join is being answered, after the answer.
   */
  void signal(Signal signal) {
    SharedDelivery sharedDelivery = new SharedDelivery(new Delivery.SignalDelivery(signal));
    for (Subscription reader : readers) {
      if (reader.signals && concerns(signal, reader)) {
        signal(reader, sharedDelivery);
      }
    }
  }

  private void signal(Subscription reader, SharedDelivery signal) {
    boolean taken =
        reader.mode == Mode.JOINING ? reader.hold(signal) : reader.connection.deliver(signal);
    if (!taken) {
      probe.dropped();
    }
  }

  /** Delivers the signals that came before the answer to the reader's join was queued. */
  void signalHeld(Subscription reader) {
    reader.held().forEach(signal -> signal(reader, signal));
  }

  private static boolean concerns(Signal signal, Subscription reader) {
    String to = signal.to();
    return !reader.connection.id().equals(signal.from())
        && (to == null || to.equals(reader.connection.identity().user()));
  }
}
