package io.carillon.store.jdbc;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounded LRU map of rooms to the place of their head's row after this session's last write, as
 * {@code carillon.append_at} answered. Hints only: a wrong place costs a look-up. Used by one
 * thread.
 *
 * @param <K> what a room is known by
 */
final class HeadPlaces<K> {
  private final Map<K, String> places;

  /**
   * Remembers nothing yet.
   *
   * @param most rooms that are remembered
   */
  HeadPlaces(int most) {
    this.places =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, String> eldest) {
            return size() > most;
          }
        };
  }

  @Nullable String of(K room) {
    return places.get(room);
  }

  void remember(K room, @Nullable String place) {
    if (place != null) {
      places.put(room, place); // else the one of before leads on to where the row is now
    }
  }

  int size() {
    return places.size();
  }
}
