package io.carillon.core.room;

import io.carillon.core.Head;
import io.carillon.core.Resync;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.core.room.Subscription.Mode;
import io.carillon.core.spi.LogPage;
import java.util.List;

/**
 * Replay state machine of one room: the next step of a reader that is not live, with events from
 * memory or from a page of the log, up to the room's position. {@link Catchup} executes the steps;
 * nothing here blocks. Thread-safe, under the room's lock.
 */
final class Replay {
  /** Most events that a reader gets under one hold of the lock. */
  private static final int CHUNK = 128;

  private final RoomPosition position;
  private final Recent recent;
  private final Subscribers subscribers;

  Replay(RoomPosition position, Recent recent, Subscribers subscribers) {
    this.position = position;
    this.recent = recent;
    this.subscribers = subscribers;
  }

  /** Advances a reader with events in memory; makes it live when it has caught up. */
  Step next(Subscription reader) {
    position.lock.lock();
    try {
      return advance(reader);
    } finally {
      position.lock.unlock();
    }
  }

  /** As {@link #next}. The caller holds the room's lock. */
  Step advance(Subscription reader) {
    if (reader.mode != Mode.CATCHING_UP) {
      return new Step.Over();
    }
    if (!subscribers.sendPendingResync(reader)) {
      return new Step.Full();
    }
    if (reader.seq != position.seq()) {
      int limit = subscribers.conflates() ? Integer.MAX_VALUE : CHUNK;
      List<SharedDelivery> ready = recent.after(reader.seq, limit);
      if (ready == null) {
        return new Step.Read(reader.seq);
      }
      if (!subscribers.giveNext(reader, ready)) {
        return new Step.Full();
      }
      if (reader.seq != position.seq()) {
        return new Step.Again();
      }
    }
    reader.mode = Mode.LIVE;
    return new Step.Over();
  }

  /**
   * Advances a reader with a page of the log.
   *
   * @param after the position after which the page begins
   * @param page the page
   * @param events its events, wrapped for sharing
   * @param context what was known when the read began
   */
  Step read(
      Subscription reader,
      long after,
      LogPage page,
      List<SharedDelivery> events,
      Sequence.ReadContext context) {
    position.lock.lock();
    try {
      if (reader.mode != Mode.CATCHING_UP) {
        return new Step.Over();
      }
      Head head = page.head();
      if (context.generation() != position.generation() || !head.epoch().equals(position.epoch())) {
        return new Step.Suspect();
      }
      if (reader.seq != after || reader.pendingResync != null) {
        return new Step.Again();
      }
      if (events.isEmpty() && head.seq() == after) {
        return new Step.CatchUp(after, context.generation());
      }
      if (!events.isEmpty() && Recent.event(events.getFirst()).seq() == after + 1) {
        recent.fill(events, position.seq());
        return subscribers.giveNext(reader, events) ? new Step.Again() : new Step.Full();
      }
      Resync.Reason reason = after > head.seq() ? Resync.Reason.AHEAD : Resync.Reason.EXPIRED;
      subscribers.resync(reader, head, reason, List.of());
      return new Step.Again();
    } finally {
      position.lock.unlock();
    }
  }
}
