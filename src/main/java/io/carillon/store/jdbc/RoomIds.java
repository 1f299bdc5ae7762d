package io.carillon.store.jdbc;

import io.carillon.core.RoomName;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Bounded cache of rooms' numbers. A number is random and never given twice, so a remembered one is
 * either right or (after a failover that lost the room) unknown to the database.
 */
final class RoomIds {
  private final int most;
  private final ConcurrentHashMap<RoomName, Long> ids = new ConcurrentHashMap<>();

  RoomIds(int most) {
    this.most = most;
  }

  @Nullable Long get(RoomName room) {
    return ids.get(room);
  }

  void put(Map<RoomName, Long> more) {
    ids.putAll(more);
    int excess = ids.size() - most;
    Iterator<RoomName> any = ids.keySet().iterator();
    while (excess-- > 0 && any.hasNext()) {
      RoomName victim = any.next();
      if (!more.containsKey(victim)) {
        ids.remove(victim);
      }
    }
  }

  void forget(Collection<RoomName> rooms) {
    rooms.forEach(ids::remove);
  }

  int size() {
    return ids.size();
  }
}
