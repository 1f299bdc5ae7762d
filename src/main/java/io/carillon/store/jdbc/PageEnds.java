package io.carillon.store.jdbc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.RoomName;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounded LRU map of rooms to the place at which their last page ended, so that the next page needs
 * no search for its day. For any thread.
 */
final class PageEnds {
  private static final int MOST = 4096;

  private record PageEnd(long seq, LocalDate day) {}

  @GuardedBy("this")
  private final Map<RoomName, PageEnd> ends =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RoomName, PageEnd> eldest) {
          return size() > MOST;
        }
      };

  /** The day of the event of this seq, if the last page of the room ended there. */
  synchronized @Nullable LocalDate day(RoomName room, long seq) {
    PageEnd end = ends.get(room);
    return end != null && end.seq() == seq ? end.day() : null;
  }

  synchronized void put(RoomName room, long seq, LocalDate day) {
    ends.put(room, new PageEnd(seq, day));
  }
}
