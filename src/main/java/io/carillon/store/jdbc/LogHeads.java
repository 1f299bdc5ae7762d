package io.carillon.store.jdbc;

import io.carillon.core.Head;
import io.carillon.core.RoomName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Reader of rooms' heads, all in one statement, hence one snapshot. The database looks them up room
 * by room, so the cost does not depend on the rest of the table, where an old snapshot keeps all
 * versions of busy rooms. For any thread.
 */
final class LogHeads {
  private static final String HEADS =
      "SELECT name, epoch, seq, floor_seq FROM carillon.heads(?) WHERE seq > 0";

  private LogHeads() {}

  /** The heads of these rooms; those without events are absent. */
  static Map<RoomName, Head> read(Connection connection, Collection<RoomName> rooms)
      throws SQLException {
    Map<String, RoomName> asked = HashMap.newHashMap(rooms.size());
    rooms.forEach(room -> asked.put(room.value(), room));
    try (PreparedStatement statement = connection.prepareStatement(HEADS)) {
      statement.setObject(1, asked.keySet().toArray(String[]::new));
      try (ResultSet rows = statement.executeQuery()) {
        Map<RoomName, Head> heads = HashMap.newHashMap(asked.size());
        while (rows.next()) {
          RoomName room = asked.get(rows.getString(1));
          if (room != null) {
            heads.put(room, head(rows, 2));
          }
        }
        return heads;
      }
    }
  }

  /** The head in three columns: epoch, seq, floor. */
  static Head head(ResultSet rows, int column) throws SQLException {
    return new Head(rows.getString(column), rows.getLong(column + 1), rows.getLong(column + 2));
  }
}
