package io.carillon.core.presence;

import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceAct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Which connections of this instance are members of which rooms: the truth that the store is kept
 * equal to. Every change of it and the queueing of the act that goes with it are one step, so the
 * store sees them in the same order.
 */
final class Tracks {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Map<RoomName, Track>> byConnection = new HashMap<>();

  private record Track(String user, String state) {}

  void put(String connection, PresenceAct.Track act, Consumer<PresenceAct> submit) {
    lock.lock();
    try {
      byConnection
          .computeIfAbsent(connection, c -> new HashMap<>(2))
          .put(act.room(), new Track(act.user(), act.state()));
      submit.accept(act);
    } finally {
      lock.unlock();
    }
  }

  /** Ends one membership, if there is one. */
  void remove(String connection, RoomName room, Consumer<PresenceAct> submit) {
    lock.lock();
    try {
      Map<RoomName, Track> theirs = byConnection.get(connection);
      Track track = theirs == null ? null : theirs.remove(room);
      if (theirs == null || track == null) {
        return;
      }
      if (theirs.isEmpty()) {
        byConnection.remove(connection);
      }
      submit.accept(new PresenceAct.Untrack(room, connection, track.user));
    } finally {
      lock.unlock();
    }
  }

  /** What to do for one membership of a connection that is gone. */
  interface Ending {
    void of(RoomName room, String user);
  }

  /** Ends all memberships of a connection. */
  void removeAll(String connection, Ending ending) {
    lock.lock();
    try {
      Map<RoomName, Track> theirs = byConnection.remove(connection);
      if (theirs != null) {
        theirs.forEach((room, track) -> ending.of(room, track.user));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Everything, as acts that bring back what the store has lost. */
  List<PresenceAct> all() {
    lock.lock();
    try {
      List<PresenceAct> acts = new ArrayList<>();
      byConnection.forEach(
          (connection, theirs) ->
              theirs.forEach(
                  (room, track) ->
                      acts.add(
                          new PresenceAct.Reassert(room, connection, track.user, track.state))));
      return acts;
    } finally {
      lock.unlock();
    }
  }
}
