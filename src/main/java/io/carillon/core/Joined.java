package io.carillon.core;

import org.jspecify.annotations.Nullable;

/**
 * Result of a join.
 *
 * @param room which room
 * @param cursor the position after which events follow
 * @param head the head as this instance knows it
 * @param recovered true: a position was given, and all events after it follow
 * @param members number of members, if presence was asked for; else null
 * @param resync why the asked position could not be served, or null
 */
public record Joined(
    RoomName room,
    Cursor cursor,
    Cursor head,
    boolean recovered,
    @Nullable Integer members,
    @Nullable Resync resync) {
  /** The same, with a count of members. */
  public Joined withMembers(int count) {
    return new Joined(room, cursor, head, recovered, count, resync);
  }
}
