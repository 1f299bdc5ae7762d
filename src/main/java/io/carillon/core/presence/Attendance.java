package io.carillon.core.presence;

import io.carillon.core.Lessee;
import io.carillon.core.MembersPage;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Presence as rooms use it: members come and go, followers are told. Thread-safe. Calls about
 * connections are only queued and never block; lists, counts, leases and {@link #awaitWritten}
 * block.
 */
public interface Attendance {
  /**
   * Makes the connection's user a member, or changes the state.
   *
   * @throws RefusedException with {@code too_large} if the state is larger than 1 KiB
   */
  void track(Connection c, RoomName room, String state);

  /**
   * Waits until what this instance was asked to write so far was written, but a few seconds at the
   * most. A client that is answered before that may reconnect just within the grace and still be
   * seen to leave.
   */
  void awaitWritten();

  /** Ends the connection's membership at once. */
  void untrack(Connection c, RoomName room);

  /**
   * The connection gets the list of members (or their number) and then what changes. What this
   * instance was asked to write before is in the list.
   */
  void follow(Connection c, RoomName room);

  /** The connection hears no more of the room's members. */
  void unfollow(Connection c, RoomName room);

  /** The connection left the room. */
  void left(Connection c, RoomName room);

  /** The connection is gone: its user stays a member for the grace, and nothing is told to it. */
  void closed(Connection c);

  /** How many members the room has; reads the store unless the room is followed here. */
  int count(RoomName room);

  /**
   * A page of the members, ordered by user name, with what this instance was asked to write before.
   *
   * @param page the {@code next} of the page before; null for the first
   */
  MembersPage members(RoomName room, int limit, @Nullable String page);

  /**
   * Makes the lessee a member for the time of a lease, or renews that; done on return. A call of a
   * client that a later one has overtaken does nothing.
   *
   * @throws RefusedException with {@code too_large} if the state is larger than 1 KiB
   */
  void lease(Lessee who, RoomName room, String state);

  /** Renews the leases that the lessee has in these rooms; does not block. */
  void renewLeases(Lessee who, Collection<RoomName> rooms);

  /**
   * Renews the leases that the client has in these rooms for as long as the connection, a stream of
   * this client, is open; then they end with the grace. {@link Lessee#call} orders the streams of a
   * client: the latest counts. Does not block.
   */
  void holdLeases(Connection c, Lessee who, Collection<RoomName> rooms);

  /** Ends a lease; done on return. As {@link #lease}, a call that was overtaken does nothing. */
  void unlease(Lessee who, RoomName room);
}
