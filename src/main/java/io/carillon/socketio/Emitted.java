package io.carillon.socketio;

/**
 * Position of an emit in the log of a room.
 *
 * @param room the room's name in the core
 * @param epoch the log's epoch
 * @param seq its number there
 */
public record Emitted(String room, String epoch, long seq) {}
