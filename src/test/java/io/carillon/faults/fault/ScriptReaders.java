package io.carillon.faults.fault;

import io.carillon.faults.client.ScriptReader;
import io.carillon.faults.stage.Node;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The JavaScript client on all three carriers, reading every room while something breaks. */
final class ScriptReaders implements AutoCloseable {
  private static final List<String> TRANSPORTS = List.of("websocket", "sse", "poll");

  private final Scene scene;
  private final List<ScriptReader> readers = new ArrayList<>();

  private ScriptReaders(Scene scene) {
    this.scene = scene;
  }

  /** Starts one for each carrier, each at another instance, and waits until they have joined. */
  static ScriptReaders start(Scene scene) throws IOException, InterruptedException {
    ScriptReaders all = new ScriptReaders(scene);
    List<Node> nodes = scene.stage().nodes();
    for (int i = 0; i < TRANSPORTS.size(); i++) {
      all.readers.add(
          ScriptReader.start(
              scene.ground(),
              nodes.get(i % nodes.size()).address(),
              TRANSPORTS.get(i),
              scene.rooms()));
    }
    for (ScriptReader reader : all.readers) {
      reader.awaitJoined(scene.rooms().size());
    }
    return all;
  }

  /** Judges what they were handed; publishing may go on. */
  void judge() throws SQLException, InterruptedException {
    Map<String, Long> heads = heads();
    for (ScriptReader reader : readers) {
      reader.awaitPositions(heads);
      reader.wrong().forEach(scene::fail);
      scene.note(reader.toString(), reader.events() + " events");
    }
  }

  private Map<String, Long> heads() throws SQLException {
    Map<String, Long> heads = new HashMap<>();
    try (Connection connection = scene.stage().superuser().getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "select name, seq from carillon.room join carillon.room_head using (room_id)"
                    + " where name = any (?)")) {
      query.setArray(1, connection.createArrayOf("text", scene.rooms().toArray()));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          heads.put(rows.getString(1), rows.getLong(2));
        }
      }
    }
    return heads;
  }

  @Override
  public void close() {
    readers.forEach(ScriptReader::close);
  }
}
