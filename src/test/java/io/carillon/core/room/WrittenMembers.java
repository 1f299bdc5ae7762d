package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.MembersPage;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Store of members that remembers who was tracked last and tells nobody. */
final class WrittenMembers implements PresenceStore {
  /** One connection in one room. */
  record Place(String connection, RoomName room) {}

  final Set<Place> tracked = ConcurrentHashMap.newKeySet();
  volatile boolean unavailable;
  volatile Runnable beforeTrack = () -> {};

  /** Waits until nobody is a member. */
  void awaitNobody() throws InterruptedException {
    for (int i = 0; i < 5_000 && !tracked.isEmpty(); i++) {
      Thread.sleep(1);
    }
    assertEquals(Set.of(), tracked);
  }

  @Override
  public Map<RoomName, Long> apply(List<PresenceAct> acts) {
    for (PresenceAct act : acts) {
      switch (act) {
        case PresenceAct.TrackConnection t -> {
          beforeTrack.run();
          tracked.add(new Place(t.connection(), t.room()));
        }
        case PresenceAct.UntrackConnection u -> tracked.remove(new Place(u.connection(), u.room()));
        case PresenceAct.Close c -> tracked.remove(new Place(c.connection(), c.room()));
        default -> throw new IllegalStateException("not asked for here: " + act);
      }
    }
    return Map.of();
  }

  @Override
  public int count(RoomName room) {
    if (unavailable) {
      throw new LogUnavailableException("switched off", null);
    }
    return (int) tracked.stream().filter(p -> p.room().equals(room)).count();
  }

  @Override
  public MembersPage members(RoomName room, int limit, @Nullable String page) {
    return new MembersPage(count(room), List.of(), null);
  }

  @Override
  public Map<RoomName, PresenceChanges> changes(Map<RoomName, Long> since) {
    Map<RoomName, PresenceChanges> none = new HashMap<>();
    since.keySet().forEach(room -> none.put(room, PresenceChanges.NOBODY));
    return none;
  }

  @Override
  public Map<RoomName, Long> revisions(Collection<RoomName> rooms) {
    return Map.of();
  }

  @Override
  public Map<RoomName, Long> drain(Duration grace) {
    return Map.of();
  }

  @Override
  public Map<RoomName, Long> retain(Collection<PresenceAct.Reassert> own, Duration grace) {
    return Map.of();
  }

  @Override
  public Map<RoomName, Long> sweep() {
    return Map.of();
  }

  @Override
  public void purge() {}
}
