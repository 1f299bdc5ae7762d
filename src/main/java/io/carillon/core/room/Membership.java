package io.carillon.core.room;

import io.carillon.core.Identity;
import io.carillon.core.Lessee;
import io.carillon.core.MembersPage;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.presence.Presence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Members of rooms without a join, with the rights of whoever asks. Thread-safe. Everything but
 * {@link #renew} and {@link #hold} blocks for the store.
 */
public final class Membership {
  private final AccessCheck access;
  private final Presence presence;

  Membership(AccessCheck access, Presence presence) {
    this.access = access;
    this.presence = presence;
  }

  /** A page of the members. */
  public MembersPage list(Identity who, RoomName room, int limit, @Nullable String page) {
    access.require(who, Right.READ, room);
    return presence.members(room, limit, page);
  }

  /**
   * Makes the lessee, who is {@code who} or a client of it, a member for a while, or renews that.
   */
  public void lease(Identity who, Lessee lessee, RoomName room, String state) {
    access.require(who, Right.PRESENCE, room);
    presence.lease(lessee, room, state);
  }

  /** Renews leases in these rooms. */
  public void renew(Lessee lessee, List<RoomName> rooms) {
    presence.renewLeases(lessee, rooms);
  }

  /** Keeps leases in those of the rooms where that is allowed while the stream is open. */
  public void hold(Connection stream, Lessee lessee, List<RoomName> rooms) {
    List<RoomName> allowed =
        rooms.stream()
            .filter(room -> access.allows(stream.identity(), Right.PRESENCE, room))
            .toList();
    presence.holdLeases(stream, lessee, allowed);
  }

  /** Ends a lease. */
  public void unlease(Identity who, Lessee lessee, RoomName room) {
    access.require(who, Right.PRESENCE, room);
    presence.unlease(lessee, room);
  }
}
