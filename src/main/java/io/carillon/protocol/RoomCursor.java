package io.carillon.protocol;

import io.carillon.core.Cursor;
import io.carillon.core.RoomName;

/**
 * Position of a reader in a room after a frame.
 *
 * @param room which room
 * @param cursor where the reader is now
 */
public record RoomCursor(RoomName room, Cursor cursor) {}
