package io.carillon.core.room;

import io.carillon.core.RoomName;

/**
 * Activity of a room on this instance.
 *
 * @param room the room
 * @param readers number of connections that read it here
 * @param minute number of its events in the last minute, as far as this instance has them in memory
 */
public record RoomActivity(RoomName room, int readers, long minute) {}
