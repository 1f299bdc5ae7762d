package io.carillon.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a room's log.
 *
 * @param events in ascending order
 * @param cursor the position after what was returned
 * @param head where the log ends
 * @param next what to pass as {@code after} (or {@code before}) for the next page; null on the last
 * @param resync why the cursor could not be served; then there are no events and {@code cursor} is
 *     the head
 */
public record HistoryPage(
    List<Event> events,
    Cursor cursor,
    Cursor head,
    @Nullable Cursor next,
    @Nullable Resync resync) {
  /** Copies the events. */
  public HistoryPage {
    events = List.copyOf(events);
  }
}
