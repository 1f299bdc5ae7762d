package io.carillon.store.jdbc;

import io.carillon.core.RoomName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What every dedicated connection of this package begins with. */
final class Sessions {
  private static final String PREPARE =
      "SELECT set_config('lock_timeout', ?, false), set_config('statement_timeout', '0', false),"
          + " set_config('idle_in_transaction_session_timeout', '5000', false),"
          + " set_config('application_name', ?, false)";

  private Sessions() {}

  /** Autocommit, a name and Carillon's own timeouts; never touches the durability of commits. */
  static void prepare(Connection connection, String name, Duration lockTimeout)
      throws SQLException {
    connection.setAutoCommit(true);
    try (PreparedStatement statement = connection.prepareStatement(PREPARE)) {
      statement.setString(1, Long.toString(lockTimeout.toMillis()));
      statement.setString(2, name);
      statement.executeQuery().close();
    }
  }

  static Map<RoomName, Long> makeRooms(Connection connection, Collection<RoomName> names)
      throws SQLException {
    Map<RoomName, Long> made = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT name, room_id FROM carillon.make_rooms(?)")) {
      statement.setObject(1, names.stream().map(RoomName::value).toArray(String[]::new));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          made.put(new RoomName(rows.getString(1)), rows.getLong(2));
        }
      }
    }
    return made;
  }

  static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException alreadyGone) {
      // Nothing is lost with a connection that cannot even be closed.
    }
  }
}
