package io.carillon.core.room;

import io.carillon.core.connection.SharedDelivery;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Conflation of missed events: only the latest of each name is kept. Pure. */
final class Conflation {
  private Conflation() {}

  /**
   * The latest event of each name, in ascending order; the last event is always among them.
   *
   * @param events in ascending order
   * @param after only those beyond this count
   */
  static List<SharedDelivery> latest(List<SharedDelivery> events, long after) {
    Set<String> names = new HashSet<>();
    List<SharedDelivery> latest = new ArrayList<>();
    for (SharedDelivery sharedDelivery : events.reversed()) {
      if (Recent.event(sharedDelivery).seq() > after
          && names.add(Recent.event(sharedDelivery).name())) {
        latest.add(sharedDelivery);
      }
    }
    return latest.reversed();
  }
}
