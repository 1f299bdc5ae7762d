package io.carillon.store.jdbc;

import io.carillon.core.Head;
import io.carillon.core.RoomName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGStatement;

/** Reads the heads of rooms, all of them in one statement, hence one snapshot. For any thread. */
final class LogHeads {
  private static final String BY_KEY =
      """
      SELECT r.name, h.epoch, h.seq, h.floor_seq, h.ctid::text
      FROM unnest(?::text[]) AS n (name)
      JOIN carillon.room r ON r.name = n.name COLLATE "C"
      JOIN carillon.room_head h ON h.room_id = r.room_id
      WHERE h.seq > 0
      """;

  /** Where an old snapshot may be open: the way over all versions costs more than this. */
  private static final String BY_PLACE =
      """
      SELECT n.name, h.epoch, h.seq, h.floor_seq, h.place
      FROM unnest(?::text[], ?::text[]) AS n (name, place)
      CROSS JOIN LATERAL carillon.head_at(n.name, n.place) h
      WHERE h.seq > 0
      """;

  private static final String BOTH = BY_KEY + "UNION ALL\n" + BY_PLACE;

  /**
   * For many rooms the plan has to be made for their number each time (two hash joins); a text of
   * its own, so that the driver never takes the prepared plan for few rooms.
   */
  private static final String MANY = BY_KEY + "-- many";

  private static final int MANY_ROOMS = 200;

  private final SeenHeads seen;

  LogHeads(SeenHeads seen) {
    this.seen = seen;
  }

  /** The heads of these rooms; those without events are absent. */
  Map<RoomName, Head> read(Connection connection, Collection<RoomName> rooms) throws SQLException {
    Map<String, RoomName> asked = HashMap.newHashMap(rooms.size());
    rooms.forEach(room -> asked.put(room.value(), room));
    boolean many = asked.size() >= MANY_ROOMS;
    List<String> keys = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> places = new ArrayList<>();
    for (RoomName room : asked.values()) {
      String place = many ? null : seen.placeIfMoved(room);
      if (place == null) {
        keys.add(room.value());
      } else {
        names.add(room.value());
        places.add(place);
      }
    }
    String sql = many ? MANY : names.isEmpty() ? BY_KEY : keys.isEmpty() ? BY_PLACE : BOTH;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (many && statement.isWrapperFor(PGStatement.class)) {
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
      }
      int next = 1;
      if (!keys.isEmpty()) {
        statement.setObject(next++, keys.toArray(String[]::new));
      }
      if (!names.isEmpty()) {
        statement.setObject(next++, names.toArray(String[]::new));
        statement.setObject(next, places.toArray(String[]::new));
      }
      return heads(statement, asked, !many);
    }
  }

  private Map<RoomName, Head> heads(
      PreparedStatement statement, Map<String, RoomName> asked, boolean remember)
      throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      Map<RoomName, Head> heads = HashMap.newHashMap(asked.size());
      while (rows.next()) {
        RoomName room = asked.get(rows.getString(1));
        if (room != null) {
          heads.put(room, head(rows, 2));
          if (remember) {
            seen.seen(room, rows.getString(5));
          }
        }
      }
      return heads;
    }
  }

  /** The head in three columns: epoch, seq, floor. */
  static Head head(ResultSet rows, int column) throws SQLException {
    return new Head(rows.getString(column), rows.getLong(column + 1), rows.getLong(column + 2));
  }
}
