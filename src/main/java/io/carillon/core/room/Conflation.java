package io.carillon.core.room;

import io.carillon.core.connection.Shared;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is left of a stretch of missed events if only the latest of each name counts. Pure. */
final class Conflation {
  private Conflation() {}

  /**
   * The latest event of each name, in ascending order; the last event is always among them.
   *
   * @param events in ascending order
   * @param after only those beyond this count
   */
  static List<Shared> latest(List<Shared> events, long after) {
    Set<String> names = new HashSet<>();
    List<Shared> latest = new ArrayList<>();
    for (Shared shared : events.reversed()) {
      if (Recent.event(shared).seq() > after && names.add(Recent.event(shared).name())) {
        latest.add(shared);
      }
    }
    return latest.reversed();
  }
}
