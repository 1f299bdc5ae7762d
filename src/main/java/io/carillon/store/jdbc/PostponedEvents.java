package io.carillon.store.jdbc;

import io.carillon.core.RoomName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Events of one batch that have to be tried again later, in order. A later event of the same room
 * is postponed with them, so that none overtakes another. Used by one thread.
 */
final class PostponedEvents {
  private final List<Pending> events = new ArrayList<>();
  private final Set<RoomName> rooms = new HashSet<>();

  void clear() {
    events.clear();
    rooms.clear();
  }

  /** Postpones an event whose call returned without a commit. */
  void add(Pending pending) {
    pending.unsent();
    events.add(pending);
    rooms.add(pending.room());
  }

  /** The events whose room has none postponed; postpones the others. */
  List<Pending> without(List<Pending> batch) {
    if (rooms.isEmpty()) {
      return batch;
    }
    List<Pending> rest = new ArrayList<>(batch.size());
    for (Pending pending : batch) {
      if (rooms.contains(pending.room())) {
        events.add(pending);
      } else {
        rest.add(pending);
      }
    }
    return rest;
  }

  /** All that were postponed since {@link #clear}. */
  List<Pending> events() {
    return events;
  }
}
