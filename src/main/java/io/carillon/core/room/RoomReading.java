package io.carillon.core.room;

import io.carillon.core.RoomName;

/**
 * Progress of one connection in one room at a moment.
 *
 * @param room the room
 * @param seq the last event that was queued for the connection
 * @param behind number of events that the room has after it
 */
public record RoomReading(RoomName room, long seq, long behind) {}
