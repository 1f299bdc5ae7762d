package io.carillon.faults;

import io.carillon.faults.client.RunContext;
import io.carillon.faults.history.Entry;
import io.carillon.faults.history.History;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.StreamEvent;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** When all is over: the table as it is, and every room replayed in full over every transport. */
final class FinalReads {
  private static final int PAGE = 500;

  private final RunContext context;
  private final History history;

  FinalReads(RunContext context) {
    this.context = context;
    this.history = context.history();
  }

  /** Reads the tables of these rooms. */
  void database(DataSource source, List<String> rooms) throws SQLException {
    try (Connection connection = source.getConnection()) {
      for (String room : rooms) {
        query(
            connection,
            "select epoch, seq, floor_seq from carillon.room_head join carillon.room"
                + " using (room_id) where name = ?",
            room,
            row ->
                history.add(
                    new Entry.Head(
                        history.now(), room, row.getString(1), row.getLong(2), row.getLong(3))));
        query(
            connection,
            "select epoch, fork_seq from carillon.room_epoch join carillon.room using (room_id)"
                + " where name = ? order by at",
            room,
            row ->
                history.add(new Entry.Fork(history.now(), room, row.getString(1), row.getLong(2))));
        query(
            connection,
            "select epoch, seq, id, data from carillon.event join carillon.room using (room_id)"
                + " where carillon.room.name = ? order by seq",
            room,
            row ->
                history.add(
                    new Entry.Row(
                        history.now(),
                        room,
                        row.getString(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4))));
      }
    }
  }

  /** Replays these rooms from an instance by history, stream and WebSocket. */
  void replay(URI server, List<String> rooms) {
    String token = context.token("replayer");
    Calls calls = new Calls(context.http(), server, token);
    for (String room : rooms) {
      JsonObject head = calls.page("/api/rooms/" + room + "/events?last=1");
      if (head.getJsonArray("events").isEmpty()) {
        continue;
      }
      byHistory(calls, room);
      byStream(server, token, room, head.getString("head"));
      bySocket(server, token, room, head.getString("head"));
    }
  }

  private void byHistory(Calls calls, String room) {
    String next = "";
    String cursor = "";
    do {
      JsonObject page =
          calls.page(
              "/api/rooms/"
                  + room
                  + "/events?limit="
                  + PAGE
                  + (next.isEmpty() ? "" : "&after=" + next));
      page.getJsonArray("events").forEach(event -> replayed("history", event.asJsonObject()));
      cursor = page.getString("cursor");
      next = page.getString("next", "");
    } while (!next.isEmpty());
    end("history", room, cursor);
  }

  private void byStream(URI server, String token, String room, String head) {
    try (StreamClient stream =
        StreamClient.open(
            context.http(), server, token, "/api/rooms/" + room + "/events?after=0.0", Map.of())) {
      StreamEvent event;
      do {
        event = stream.take(one -> !one.name().startsWith("carillon:"));
        replayed("sse", event.json());
      } while (!event.id().equals(head));
      end("sse", room, event.id());
    }
  }

  private void bySocket(URI server, String token, String room, String head) {
    try (SocketClient socket = SocketClient.connect(context.http(), server, token)) {
      socket.join(room, ",\"after\":\"0.0\"");
      String cursor;
      do {
        JsonObject event = socket.next("event");
        replayed("ws", event);
        cursor = event.getString("epoch") + "." + event.getJsonNumber("seq");
      } while (!cursor.equals(head));
      end("ws", room, cursor);
    }
  }

  private void replayed(String via, JsonObject event) {
    JsonValue data = event.get("data");
    history.add(
        new Entry.Replayed(
            history.now(),
            via,
            event.getString("room"),
            event.getString("epoch"),
            event.getJsonNumber("seq").longValueExact(),
            event.getString("id"),
            data.toString()));
  }

  private void end(String via, String room, String cursor) {
    history.add(new Entry.ReplayEnd(history.now(), via, room, cursor));
  }

  private static void query(Connection connection, String sql, String room, Row row)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, room);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          row.read(rows);
        }
      }
    }
  }

  private interface Row {
    void read(ResultSet row) throws SQLException;
  }
}
