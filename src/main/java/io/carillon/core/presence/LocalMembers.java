package io.carillon.core.presence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceAct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Memberships of this instance's connections, the source that the store is kept equal to. A change
 * and the queueing of its act are atomic, so the store sees changes in the same order.
 */
final class LocalMembers {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Map<RoomName, LocalMember>> byConnection = new HashMap<>();

  @GuardedBy("lock")
  private long tracks;

  /** {@code number}: the order in which they were tracked. */
  private record LocalMember(long number, String user, String state) {}

  void put(String connection, PresenceAct.TrackConnection act, Consumer<PresenceAct> submit) {
    lock.lock();
    try {
      byConnection
          .computeIfAbsent(connection, c -> new HashMap<>(2))
          .put(act.room(), new LocalMember(++tracks, act.user(), act.state()));
      submit.accept(act);
    } finally {
      lock.unlock();
    }
  }

  /** The name under which a connection is a member of a room, or null. */
  @Nullable String name(String connection, RoomName room) {
    lock.lock();
    try {
      Map<RoomName, LocalMember> theirs = byConnection.get(connection);
      LocalMember member = theirs == null ? null : theirs.get(room);
      return member == null ? null : member.user;
    } finally {
      lock.unlock();
    }
  }

  /** Ends one membership, if there is one. */
  void remove(String connection, RoomName room, Consumer<PresenceAct> submit) {
    lock.lock();
    try {
      Map<RoomName, LocalMember> theirs = byConnection.get(connection);
      LocalMember member = theirs == null ? null : theirs.remove(room);
      if (theirs == null || member == null) {
        return;
      }
      if (theirs.isEmpty()) {
        byConnection.remove(connection);
      }
      submit.accept(new PresenceAct.UntrackConnection(room, connection, member.user));
    } finally {
      lock.unlock();
    }
  }

  /** Ends all memberships of a connection; {@code ending} takes each room and user. */
  void removeAll(String connection, BiConsumer<RoomName, String> ending) {
    lock.lock();
    try {
      Map<RoomName, LocalMember> theirs = byConnection.remove(connection);
      if (theirs != null) {
        theirs.forEach((room, member) -> ending.accept(room, member.user));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * All memberships, in the order in which they were tracked, as acts that restore lost entries of
   * the store.
   */
  List<PresenceAct.Reassert> all() {
    record Numbered(long number, PresenceAct.Reassert act) {}

    lock.lock();
    try {
      List<Numbered> acts = new ArrayList<>();
      byConnection.forEach(
          (connection, theirs) ->
              theirs.forEach(
                  (room, member) ->
                      acts.add(
                          new Numbered(
                              member.number,
                              new PresenceAct.Reassert(
                                  room, connection, member.user, member.state)))));
      acts.sort(Comparator.comparingLong(Numbered::number));
      return acts.stream().map(Numbered::act).toList();
    } finally {
      lock.unlock();
    }
  }
}
