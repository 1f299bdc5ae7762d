package io.carillon.core.spi;

import io.carillon.core.MembersPage;
import io.carillon.core.RoomName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Store of the members of all rooms, shared by all instances, as seen by one of them. Every room
 * has a revision that only grows; each change of its members makes it grow, in the order in which
 * changes become visible. Time is the store's.
 *
 * <p>All methods block and throw {@link LogUnavailableException} when the store cannot be reached;
 * the outcome is then unknown.
 */
public interface PresenceStore {
  /**
   * Applies these acts in order, in one transaction.
   *
   * @return the rooms whose members changed, with their revision; null if nothing was done because
   *     this instance's own lease is over: renew it, then try again
   * @throws io.carillon.core.RefusedException with {@code bad_data} if one of them can never be
   *     done; none of them was
   */
  @Nullable Map<RoomName, Long> apply(List<PresenceAct> acts);

  /**
   * All members through this instance leave after {@code grace}, unless they come back.
   *
   * @return as {@link #apply}
   */
  Map<RoomName, Long> drain(Duration grace);

  /**
   * Members through this instance that are not among {@code own} leave after {@code grace}, unless
   * they come back; nothing else is touched.
   *
   * @param own all members of this instance
   * @return as {@link #apply}
   */
  Map<RoomName, Long> retain(Collection<PresenceAct.Reassert> own, Duration grace);

  /**
   * Ends members whose time is over, and those through instances whose lease is over. Any instance
   * may call it at any time; one does the work.
   *
   * @return as {@link #apply}
   */
  Map<RoomName, Long> sweep();

  /** Removes marks that are older than a minute. */
  void purge();

  /** The revisions of these rooms; rooms without members may be absent. */
  Map<RoomName, Long> revisions(Collection<RoomName> rooms);

  /**
   * The changes of each room after the given revision; {@code -1} stands for all.
   *
   * @return one for each requested room, each from one snapshot
   */
  Map<RoomName, PresenceChanges> changes(Map<RoomName, Long> since);

  /** Number of a room's members, each user counted once. */
  int count(RoomName room);

  /**
   * A page of a room's members, folded per user, ordered by user name.
   *
   * @param limit at least 1
   * @param page what the previous page called {@code next}; null for the first
   * @throws io.carillon.core.RefusedException with {@code bad_cursor} if it is not one
   */
  MembersPage members(RoomName room, int limit, @Nullable String page);

  /**
   * Changes of one room.
   *
   * @param revision the room's revision in this snapshot; 0 for a room without members
   * @param whole whether {@code entries} is the full list, without marks: the given revision was
   *     too old, or unknown
   * @param entries the new entries, marks of ended ones included
   */
  record PresenceChanges(long revision, boolean whole, List<PresenceEntry> entries) {
    /** A room without members. */
    public static final PresenceChanges NOBODY = new PresenceChanges(0, true, List.of());

    /** Copies the entries. */
    public PresenceChanges {
      entries = List.copyOf(entries);
    }
  }
}
