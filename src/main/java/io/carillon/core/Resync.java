package io.carillon.core;

import java.util.Locale;

/**
 * Resync notice: the reader cannot continue from its cursor.
 *
 * @param room which room
 * @param reason why
 * @param head where live events follow from
 * @param floor the position before the oldest retained event
 */
public record Resync(RoomName room, Reason reason, Cursor head, Cursor floor) {
  /** Why a reader cannot continue. */
  public enum Reason {
    /** The next event is no longer retained. */
    EXPIRED,
    /** The room's log was rewound, and the cursor lies beyond the fork. */
    EPOCH,
    /** The cursor lies ahead of the log. */
    AHEAD;

    /** The word on the wire. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
