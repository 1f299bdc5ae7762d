package io.carillon.store.jdbc;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.spi.LogPage;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Page of some days, which may lack what lies on others. As a room's log has no holes, its ends
 * tell.
 *
 * @param head where the log ends and begins, of the same snapshot
 * @param events in ascending order without holes
 * @param last the day of the last event; null if there is none
 * @param found how many events of these days there were before the page was cut to its size
 */
record Page(Head head, List<Event> events, @Nullable LocalDate last, long found) {
  /** Whether it begins where a page after this seq has to. */
  boolean beginsAfter(long after) {
    long before = Math.max(after, head.floor());
    return before >= head.seq() || (!events.isEmpty() && events.getFirst().seq() == before + 1);
  }

  /** Whether it ends where a page before this seq has to. */
  boolean endsBefore(long before) {
    long target = Math.min(before - 1, head.seq());
    return target <= head.floor() || (!events.isEmpty() && events.getLast().seq() == target);
  }

  /** Whether earlier days could add nothing: it is full, or begins with the first event of all. */
  boolean reaches(long before, int limit) {
    return found >= limit
        || found > events.size()
        || Math.min(before - 1, head.seq()) <= head.floor()
        || (!events.isEmpty() && events.getFirst().seq() == head.floor() + 1);
  }

  LogPage whole() {
    return new LogPage(head, events);
  }
}
