package io.carillon.protocol;

import io.carillon.core.Cursor;
import io.carillon.core.RoomName;

/**
 * Where a reader of a room is after a frame.
 *
 * @param room which room
 * @param cursor where the reader is now
 */
public record RoomCursor(RoomName room, Cursor cursor) {}
