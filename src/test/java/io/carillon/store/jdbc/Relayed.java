package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.Event;
import io.carillon.core.RoomName;
import java.util.List;

/** What has come into the log. */
final class Relayed {
  private Relayed() {}

  /** Reads until so many events are there, for at most 30 s; more than that is an error. */
  static List<Event> await(JdbcEventLog log, RoomName room, int events) {
    long end = System.nanoTime() + 30_000_000_000L;
    List<Event> read;
    do {
      read = log.after(room, 0, 1000).events();
    } while (read.size() < events && System.nanoTime() < end);
    assertEquals(events, read.size());
    return read;
  }

  /** As {@link #await}; only the names. */
  static List<String> names(JdbcEventLog log, String room, int events) {
    return await(log, new RoomName(room), events).stream().map(Event::name).toList();
  }
}
