package io.carillon.core.room;

import io.carillon.core.Cursor;
import io.carillon.core.RoomName;

/**
 * What is known of a room.
 *
 * @param room which room
 * @param head the position of the last event
 * @param floor the position before the oldest retained event
 * @param members how many members are present, on all instances
 * @param connections how many connections read it, on all instances
 */
public record RoomInfo(RoomName room, Cursor head, Cursor floor, int members, int connections) {}
