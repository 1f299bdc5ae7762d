package io.carillon.core.spi;

import io.carillon.core.Event;
import io.carillon.core.Head;
import java.util.List;

/**
 * Page of one room's events, with the head as of the same snapshot.
 *
 * @param head where the log ends and begins
 * @param events in ascending order without holes
 */
public record LogPage(Head head, List<Event> events) {
  /** Copies the events. */
  public LogPage {
    events = List.copyOf(events);
  }
}
