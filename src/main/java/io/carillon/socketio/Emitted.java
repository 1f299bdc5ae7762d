package io.carillon.socketio;

/**
 * Place of an emit in the log of a room, where it can be read by everybody who has the right to.
 *
 * @param room the room's name in the core
 * @param epoch the log's epoch
 * @param seq its number there
 */
public record Emitted(String room, String epoch, long seq) {}
