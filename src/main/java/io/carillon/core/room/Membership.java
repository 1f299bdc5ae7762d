package io.carillon.core.room;

import io.carillon.core.Identity;
import io.carillon.core.Lessee;
import io.carillon.core.MembersPage;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.limit.Limits;
import io.carillon.core.presence.Presence;
import io.carillon.core.presence.PresenceTiming;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Presence without a join: lists of members and leases, under the caller's rights. Thread-safe. All
 * methods but {@link #renew} and {@link #hold} block for the presence store.
 */
public final class Membership {
  private final AccessCheck access;
  private final Presence presence;
  private final MemberCounts counts;

  Membership(AccessCheck access, Presence presence, Limits limits, LongSupplier nanos) {
    this.access = access;
    this.presence = presence;
    this.counts = new MemberCounts(limits, PresenceTiming.DEFAULTS.lease(), nanos);
  }

  /** Counts of the members of rooms. */
  MemberCounts counts() {
    return counts;
  }

  /** A page of the members. */
  public MembersPage list(Identity who, RoomName room, int limit, @Nullable String page) {
    access.require(who, Right.READ, room);
    return presence.members(room, limit, page);
  }

  /**
   * Makes a lessee ({@code who}, or a client of that user) a member for the time of a lease, or
   * renews the lease.
   *
   * @throws io.carillon.core.RefusedException with {@code limit} if too many are there already
   */
  public void lease(Identity who, Lessee lessee, RoomName room, String state) {
    access.require(who, Right.PRESENCE, room);
    counts.lease(who, lessee, room);
    presence.lease(lessee, room, state);
  }

  /** Renews leases in these rooms. */
  public void renew(Lessee lessee, List<RoomName> rooms) {
    rooms.forEach(room -> counts.renewed(lessee, room));
    presence.renewLeases(lessee, rooms);
  }

  /** Renews leases while a stream is open, in those of the rooms where the right allows it. */
  public void hold(Connection stream, Lessee lessee, List<RoomName> rooms) {
    List<RoomName> allowed =
        rooms.stream()
            .filter(room -> access.allows(stream.identity(), Right.PRESENCE, room))
            .toList();
    counts.hold(stream, lessee, allowed);
    presence.holdLeases(stream, lessee, allowed);
  }

  /** Ends a lease. */
  public void unlease(Identity who, Lessee lessee, RoomName room) {
    access.require(who, Right.PRESENCE, room);
    presence.unlease(lessee, room);
    counts.unlease(lessee, room);
  }
}
