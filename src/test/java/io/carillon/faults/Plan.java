package io.carillon.faults;

/**
 * Who is there while a fault goes on.
 *
 * @param rooms rooms with events
 * @param readers readers of each transport; each reads some of the rooms
 * @param publishers publishers of each way (REST, batch, WebSocket, SQL)
 * @param interval mean milliseconds between two publishes of one publisher
 * @param members who come and go in the room of members
 * @param observers who watch that room
 */
public record Plan(
    int rooms, int readers, int publishers, int interval, int members, int observers) {
  /** What most faults are run with: some 50 events a second and some 20 clients. */
  public static Plan usual() {
    return new Plan(6, 5, 2, 150, 6, 2);
  }

  /** No members: for faults that are about events only. */
  public Plan withoutMembers() {
    return new Plan(rooms, readers, publishers, interval, 0, 0);
  }
}
