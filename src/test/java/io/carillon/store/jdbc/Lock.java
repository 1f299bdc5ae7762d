package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RoomName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Somebody who holds a room's head until closed. */
final class Lock implements AutoCloseable {
  private final Connection connection;

  Lock(LogDatabase database, RoomName room) throws SQLException {
    connection = database.superuser().getConnection();
    connection.setAutoCommit(false);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT FROM carillon.room_head JOIN carillon.room USING (room_id) WHERE name = ?"
                + " FOR UPDATE OF room_head")) {
      statement.setString(1, room.value());
      statement.executeQuery().close();
    }
  }

  /** Fails if the connection is gone. */
  void assertHeld() throws SQLException {
    assertTrue(connection.isValid(5));
  }

  @Override
  public void close() throws SQLException {
    connection.rollback();
    connection.close();
  }
}
