package io.carillon.core.room;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.Lessee;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.limit.Limits;
import io.carillon.core.limit.Visitor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts of the members that came through this instance, by room, up to a limit: connections that
 * are present, and leases that it has given and that are not over. A lease that another instance
 * renews counts there from its next renewal on. Without the limit it keeps nothing. Thread-safe.
 */
final class MemberCounts {
  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Limits limits;
  private final long life;
  private final LongSupplier nanos;
  private final Map<Connection, Set<RoomName>> present = new ConcurrentHashMap<>();

  /** Leases, each with the time at which it is over. */
  private final Map<LeaseOfRoom, Long> leases = new ConcurrentHashMap<>();

  private final Map<Connection, Set<LeaseOfRoom>> held = new ConcurrentHashMap<>();
  private final AtomicLong swept;

  private record LeaseOfRoom(RoomName room, String lessee) {}

  /**
   * Counts nobody yet.
   *
   * @param lease life of a lease without renewal
   * @param nanos a monotonic clock
   */
  MemberCounts(Limits limits, Duration lease, LongSupplier nanos) {
    this.limits = limits;
    this.life = lease.toNanos();
    this.nanos = nanos;
    this.swept = new AtomicLong(nanos.getAsLong());
  }

  /**
   * Counts a connection as present, if it is not yet.
   *
   * @throws RefusedException with {@link ErrorCode#LIMIT}
   */
  void enter(Connection connection, RoomName room) {
    if (!limits.countsMembers()) {
      return;
    }
    sweep();
    Set<RoomName> rooms = present.computeIfAbsent(connection, c -> ConcurrentHashMap.newKeySet());
    if (rooms.add(room)) {
      try {
        limits.present(room, connection.visitor());
      } catch (RefusedException full) {
        rooms.remove(room);
        throw full;
      }
      if (connection.closing()) {
        // Its end may have come in between, and has not seen this room perhaps.
        forget(rooms, room);
      }
    }
  }

  private void forget(Set<RoomName> rooms, RoomName room) {
    if (rooms.remove(room)) {
      limits.absent(room);
    }
  }

  /** Ends what {@link #enter} has counted, if it has. */
  void exit(Connection connection, RoomName room) {
    Set<RoomName> rooms = present.get(connection);
    if (rooms != null) {
      forget(rooms, room);
    }
  }

  /** Ends all that counts for a connection; leases that it held go on for their life. */
  void ended(Connection connection) {
    Set<RoomName> rooms = present.remove(connection);
    if (rooms != null) {
      rooms.forEach(room -> forget(rooms, room));
    }
    Set<LeaseOfRoom> theirs = held.remove(connection);
    if (theirs != null) {
      theirs.forEach(this::prolong);
    }
  }

  /**
   * Counts a lease, or prolongs one that counts already.
   *
   * @throws RefusedException with {@link ErrorCode#LIMIT}
   */
  void lease(Identity who, Lessee lessee, RoomName room) {
    if (!limits.countsMembers()) {
      return;
    }
    sweep();
    leases.compute(
        new LeaseOfRoom(room, lessee.key()),
        (lease, before) -> {
          if (before == null) {
            limits.present(room, new Visitor(who, "", ""));
          }
          return nanos.getAsLong() + life;
        });
  }

  /** Notes that a lease was renewed. */
  void renewed(Lessee lessee, RoomName room) {
    prolong(new LeaseOfRoom(room, lessee.key()));
  }

  private void prolong(LeaseOfRoom lease) {
    leases.computeIfPresent(lease, (l, before) -> nanos.getAsLong() + life);
  }

  /** Notes that a stream renews the leases of its client for as long as it is open. */
  void hold(Connection stream, Lessee lessee, List<RoomName> rooms) {
    if (limits.countsMembers() && !rooms.isEmpty()) {
      Set<LeaseOfRoom> theirs = ConcurrentHashMap.newKeySet();
      rooms.forEach(room -> theirs.add(new LeaseOfRoom(room, lessee.key())));
      held.put(stream, theirs);
      if (stream.closing()) {
        ended(stream);
      }
    }
  }

  /** Ends a lease, if it counts. */
  void unlease(Lessee lessee, RoomName room) {
    if (leases.remove(new LeaseOfRoom(room, lessee.key())) != null) {
      limits.absent(room);
    }
  }

  /** Forgets leases that are over, once a second at the most. */
  private void sweep() {
    long now = nanos.getAsLong();
    long before = swept.get();
    if (now - before < SWEEP_NANOS || !swept.compareAndSet(before, now)) {
      return;
    }
    held.values().forEach(all -> all.forEach(this::prolong));
    leases.forEach(
        (lease, end) -> {
          if (end - now <= 0 && leases.remove(lease, end)) {
            limits.absent(lease.room);
          }
        });
  }
}
