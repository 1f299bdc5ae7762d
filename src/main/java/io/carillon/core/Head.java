package io.carillon.core;

import java.util.Objects;

/**
 * Head of a room's log: a snapshot of its bounds.
 *
 * @param epoch the current epoch, {@link Cursor#NO_EPOCH} for a room without events
 * @param seq the last sequence number given
 * @param floor the last sequence number that is no longer retained; events {@code > floor} can be
 *     replayed
 */
public record Head(String epoch, long seq, long floor) {
  /** A room that has no events and no row. */
  public static final Head EMPTY = new Head(Cursor.NO_EPOCH, 0, 0);

  /** Checks the order of the numbers. */
  public Head {
    Objects.requireNonNull(epoch);
    if (floor < 0 || seq < floor) {
      throw new IllegalArgumentException("floor " + floor + ", seq " + seq);
    }
  }

  /** The position of the head. */
  public Cursor cursor() {
    return new Cursor(epoch, seq);
  }

  /** The position before the oldest retained event. */
  public Cursor floorCursor() {
    return new Cursor(epoch, floor);
  }
}
