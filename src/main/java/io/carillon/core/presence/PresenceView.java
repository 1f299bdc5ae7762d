package io.carillon.core.presence;

import io.carillon.core.Delivery;
import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceStore.PresenceChanges;

/** Members of one room in one form, and what the last read changed. Not thread-safe. */
sealed interface PresenceView permits UserView, ConnectionView {
  /** Applies a read; the difference replaces that of the read before. */
  void apply(PresenceChanges changes);

  /** Number of members. */
  int count();

  /** Approximate size of the list in bytes. */
  long weight();

  /** Whether the last read changed no member. */
  boolean unchanged();

  /** Whether the last read changed the number of members. */
  boolean countChanged();

  /** The list, or the count alone. */
  Delivery list(RoomName room, boolean countOnly);

  /** What the last read changed, or the count alone. */
  Delivery change(RoomName room, boolean countOnly);
}
