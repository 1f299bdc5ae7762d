package io.carillon.core.presence;

import io.carillon.core.Lessee;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.PresenceAct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Memberships without a socket: leases with a time to live, and the streams that keep those of
 * their client alive for as long as they are open. Thread-safe.
 */
final class Leases {
  /** Renewals by the stream within the life of a lease. */
  private static final int RENEWALS = 3;

  private final ActQueue queue;
  private final PresenceTiming timing;
  private final LongSupplier nanos;
  private final Renewals renewals;
  private final ConcurrentHashMap<String, Hold> holds = new ConcurrentHashMap<>();
  private volatile long renewed;

  /** An open stream of a client, with its rooms. */
  private record Hold(Lessee who, List<RoomName> rooms) {}

  Leases(ActQueue queue, PresenceTiming timing, LongSupplier nanos) {
    this.queue = queue;
    this.timing = timing;
    this.nanos = nanos;
    this.renewals = new Renewals(timing.lease());
    this.renewed = nanos.getAsLong();
  }

  /** Makes or renews a lease; done on return. */
  void lease(Lessee who, RoomName room, String state) {
    long number = queue.submit(new PresenceAct.Lease(room, who, state, timing.lease()));
    Lessee holder = holder(who, room);
    if (holder != null) {
      queue.submit(new PresenceAct.Renew(room, holder, timing.lease()));
    }
    await(number);
  }

  /** The latest stream of a client that reads the room here. */
  private @Nullable Lessee holder(Lessee who, RoomName room) {
    Lessee latest = null;
    if (!who.client().isEmpty()) {
      for (Hold hold : holds.values()) {
        boolean theirs = hold.who.key().equals(who.key()) && hold.rooms.contains(room);
        if (theirs && (latest == null || latest.call() < hold.who.call())) {
          latest = hold.who;
        }
      }
    }
    return latest;
  }

  /** Ends a lease; done on return. */
  void unlease(Lessee who, RoomName room) {
    await(queue.submit(new PresenceAct.Unlease(room, who)));
  }

  private void await(long number) {
    if (!queue.await(number, timing.patience())) {
      throw new LogUnavailableException(
          "the presence store did not answer", new TimeoutException("presence"));
    }
  }

  /** Renews the leases of a client that polls. */
  void renew(Lessee who, Collection<RoomName> rooms) {
    long now = nanos.getAsLong();
    for (RoomName room : rooms) {
      if (renewals.due(room, who.key(), now)) {
        queue.submit(new PresenceAct.Renew(room, who, timing.lease()));
      }
    }
  }

  /** Registers a stream, which renews its client's leases until {@link #release}. */
  void hold(String connection, Lessee who, Collection<RoomName> rooms) {
    Hold hold = new Hold(who, List.copyOf(rooms));
    holds.put(connection, hold);
    renew(hold);
  }

  private void renew(Hold hold) {
    hold.rooms.forEach(room -> queue.submit(new PresenceAct.Renew(room, hold.who, timing.lease())));
  }

  /**
   * Unregisters a stream, if it is registered: leases that no other stream renews end with the
   * grace.
   */
  void release(String connection, Duration grace) {
    Hold hold = holds.remove(connection);
    if (hold != null) {
      hold.rooms.forEach(room -> queue.submit(new PresenceAct.Release(room, hold.who, grace)));
    }
  }

  /** Renews the leases of open streams when they are due; call every second. */
  void renewHeld() {
    long now = nanos.getAsLong();
    renewals.sweep(now);
    if (now - renewed >= timing.lease().dividedBy(RENEWALS).toNanos()) {
      renewed = now;
      new ArrayList<>(holds.values()).forEach(this::renew);
    }
  }
}
