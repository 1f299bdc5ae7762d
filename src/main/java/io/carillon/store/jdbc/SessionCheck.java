package io.carillon.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Check that a connection is a database session of its own, not one that a pooler shares. Behind a
 * pooler that gives a session away after each transaction, settings of one connection hold for
 * another's commits, and LISTEN is deaf.
 *
 * <p>An idle pooler would give the same session again; so one connection makes a mark in its
 * session, and while others, one after another, hold a transaction open, the mark has to stay where
 * it is, and nobody else may see it.
 */
public final class SessionCheck {
  private static final int OTHERS = 4;

  private static final String SEE =
      "SELECT coalesce(current_setting('carillon.session', true), '')";

  private SessionCheck() {}

  /**
   * Asks with five connections, for a moment.
   *
   * @throws IllegalStateException if there is a pooler in transaction mode between
   * @throws SQLException if it cannot be asked
   */
  public static void require(DataSource source) throws SQLException {
    String mark = UUID.randomUUID().toString();
    List<Connection> others = new ArrayList<>();
    try (Connection own = source.getConnection()) {
      see(own, "SELECT set_config('carillon.session', '" + mark + "', false)");
      for (int i = 0; i < OTHERS; i++) {
        Connection other = source.getConnection();
        others.add(other);
        other.setAutoCommit(false);
        if (see(other, SEE).equals(mark) || !see(own, SEE).equals(mark)) {
          throw new IllegalStateException(
              "between Carillon and the database there is a pooler in transaction mode: it has to"
                  + " be in session mode (pool_mode = session), or Carillon has to connect"
                  + " directly");
        }
      }
      see(own, "SELECT set_config('carillon.session', '', false)");
    } finally {
      others.forEach(Sessions::closeQuietly);
    }
  }

  private static String see(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getString(1);
    }
  }
}
