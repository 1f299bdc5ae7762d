package io.carillon.core.console;

import io.carillon.core.connection.Connection;
import io.carillon.core.connection.ConnectionState;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.room.RoomReading;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * One connection of this instance with its rooms, at a moment.
 *
 * @param state what is known of the connection
 * @param rooms its progress in each room, in the order of their names
 */
record ConnectionRow(ConnectionState state, List<RoomReading> rooms) {
  /** Those with most to catch up first, then those with most to write, then by user and age. */
  static final Comparator<ConnectionRow> ORDER =
      Comparator.comparingLong(ConnectionRow::behind)
          .reversed()
          .thenComparing(Comparator.comparingInt((ConnectionRow v) -> v.state.waiting()).reversed())
          .thenComparing(v -> v.state.user())
          .thenComparing(v -> v.state.opened())
          .thenComparing(v -> v.state.id());

  static ConnectionRow of(Connection connection, Function<Connection, List<RoomReading>> readings) {
    return new ConnectionRow(
        connection.state(),
        readings.apply(connection).stream()
            .sorted(Comparator.comparing(each -> each.room().value()))
            .toList());
  }

  /** Events that the room furthest ahead has after what was queued for the connection. */
  long behind() {
    return rooms.stream().mapToLong(RoomReading::behind).max().orElse(0);
  }

  /** Whether its rooms are those that were asked for. */
  boolean matches(ConnectionQuery query) {
    return (!query.behind() || behind() > 0)
        && (query.room() == null
            || rooms.stream().anyMatch(each -> each.room().value().equals(query.room())));
  }

  /** Begins the JSON object of a connection, open or not. */
  static JsonWriter begin(JsonWriter out, ConnectionState state, String instance) {
    return out.beginObject()
        .field("id", state.id())
        .field("instance", instance)
        .field("user", state.user())
        .field("protocol", state.protocol())
        .field("transport", state.carrier().transport())
        .field("address", state.carrier().address())
        .field("since", state.opened().toString());
  }

  /** Writes it as one JSON object. */
  void write(JsonWriter out, String instance, boolean withRooms) {
    begin(out, state, instance)
        .field("rooms", rooms.size())
        .field("behind", behind())
        .field("waiting", state.waiting());
    if (withRooms) {
      out.name("reads").beginArray();
      for (RoomReading each : rooms) {
        out.beginObject()
            .field("room", each.room().value())
            .field("seq", each.seq())
            .field("behind", each.behind())
            .endObject();
      }
      out.endArray();
    }
    out.endObject();
  }
}
