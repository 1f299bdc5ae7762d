package io.carillon.core.room;

import io.carillon.core.Cursor;
import io.carillon.core.RoomName;

/**
 * Summary of a room over all instances.
 *
 * @param room its name
 * @param head the position of the last event
 * @param floor the position before the oldest retained event
 * @param members number of members present
 * @param connections number of connections that read it
 */
public record RoomInfo(RoomName room, Cursor head, Cursor floor, int members, int connections) {}
