package io.carillon.core.room;

import io.carillon.core.Head;
import io.carillon.core.Resync;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.core.room.Subscription.Mode;
import io.carillon.core.spi.LogPage;
import java.util.List;

/**
 * Steps of a reader of one room that is not live, from the room's latest events or from a page of
 * the log, up to the position. {@link Catchup} takes the steps; nothing here blocks. Thread-safe,
 * under the room's lock.
 */
final class Replay {
  /** How many recent events a reader gets at a time, while the others wait. */
  private static final int CHUNK = 128;

  private final RoomPosition position;
  private final Recent recent;
  private final Subscribers subscribers;

  Replay(RoomPosition position, Recent recent, Subscribers subscribers) {
    this.position = position;
    this.recent = recent;
    this.subscribers = subscribers;
  }

  /** Moves a reader on with what is in memory; makes it live when it has caught up. */
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
   * Moves a reader on with a page of the log.
   *
   * @param after which events were read
   * @param page what was found
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
