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
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** Opening of the dedicated connections of this package, all with the same settings. */
final class Sessions {
  private static final String PREPARE =
      "SELECT set_config('lock_timeout', ?, false), set_config('statement_timeout', '0', false),"
          + " set_config('idle_in_transaction_session_timeout', '5000', false),"
          + " set_config('default_transaction_isolation', 'read committed', false),"
          + " set_config('application_name', ?, false)";

  private Sessions() {}

  /**
   * Opens a connection with autocommit, a name and Carillon's own timeouts and isolation; never
   * touches the durability of commits. No read of it takes longer than the log's deadline.
   *
   * @throws SQLException also if the connection would acknowledge before the commit is durable, or
   *     gives its statements another isolation than they are written for
   */
  static Connection open(DataSource source, String name, LogSettings settings, Notices notices)
      throws SQLException {
    Connection connection = source.getConnection();
    try {
      int patience = connection.getNetworkTimeout();
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(settings.deadline().toMillis()));
      connection.setAutoCommit(true);
      prepare(connection, name, settings.lockTimeout());
      DatabaseCheck.requireDurableCommits(connection);
      notices.atLogin(connection);
      connection.setNetworkTimeout(Runnable::run, patience);
      return connection;
    } catch (SQLException | RuntimeException | LinkageError failed) {
      closeQuietly(connection);
      throw failed;
    }
  }

  private static void prepare(Connection connection, String name, Duration lockTimeout)
      throws SQLException {
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

  /** Gives a connection up, from any thread: a call under way ends with an exception. */
  static void abort(Connection connection, Executor executor) {
    try {
      connection.abort(executor);
    } catch (SQLException alreadyGone) {
      closeQuietly(connection);
    }
  }

  static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException alreadyGone) {
      // Nothing is lost with a connection that cannot even be closed.
    }
  }
}
