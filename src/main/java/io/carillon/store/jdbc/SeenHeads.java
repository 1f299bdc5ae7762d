package io.carillon.store.jdbc;

import io.carillon.core.RoomName;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounded maps of rooms to where the rows of their heads were when they were last read, and of
 * those whose rows moved from one page of the table to another: only while an old snapshot keeps
 * their versions does that happen to busy rooms all the time. Mere hints. For any thread.
 */
final class SeenHeads {
  private static final int MOST = 4096;

  /** Rooms that moved last: more are not hot at once. */
  private static final int MOVED = 64;

  private final Map<RoomName, String> places = bounded(MOST, true);
  private final Map<RoomName, Boolean> moved = bounded(MOVED, false);

  private static <V> Map<RoomName, V> bounded(int most, boolean byUse) {
    return new LinkedHashMap<>(16, 0.75f, byUse) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<RoomName, V> eldest) {
        return size() > most;
      }
    };
  }

  /** The place of the room's row, if it has moved, so that a look there is worth what it costs. */
  synchronized @Nullable String placeIfMoved(RoomName room) {
    return moved.containsKey(room) ? places.get(room) : null;
  }

  /** The room's row was there. */
  synchronized void seen(RoomName room, String place) {
    String before = places.put(room, place);
    if (before != null && !page(before).equals(page(place))) {
      moved.remove(room);
      moved.put(room, true);
    }
  }

  private static String page(String place) {
    return place.substring(0, place.indexOf(','));
  }
}
