package io.carillon.store.jdbc;

import io.carillon.core.spi.LogUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * JDBC template of one store: small pieces of work, each on a pooled connection of its own that
 * commits by itself. An {@link SQLException} becomes a {@link LogUnavailableException}, and so does
 * a class of the driver that cannot be read, as happens without file descriptors; other exceptions
 * of the work pass through. Blocks; for any thread.
 *
 * @param source gives the connections, which must commit by themselves
 * @param what the store keeps, for the message of a failure
 */
record JdbcTemplate(DataSource source, String what) {
  /** A piece of work on a connection, which the template closes. */
  @FunctionalInterface
  interface ConnectionWork<R> {
    R with(Connection connection) throws SQLException;
  }

  /** The parameters of a statement. */
  @FunctionalInterface
  interface Parameters {
    /** A statement without any. */
    Parameters NONE = statement -> {};

    void set(PreparedStatement statement) throws SQLException;
  }

  /** The result of a query; the rows stand before the first one. */
  @FunctionalInterface
  interface Rows<R> {
    R read(ResultSet rows) throws SQLException;
  }

  /** Does several things on one connection. */
  <R> R with(ConnectionWork<R> work) {
    try (Connection connection = source.getConnection()) {
      return work.with(connection);
    } catch (SQLException | LinkageError failed) {
      throw new LogUnavailableException(what + " cannot be read or written", failed);
    }
  }

  /** Executes one statement that gives no rows; how many rows it changed. */
  int update(String sql, Parameters parameters) {
    return with(connection -> update(connection, sql, parameters));
  }

  /** Executes one statement that gives rows, perhaps none. */
  <R> R query(String sql, Parameters parameters, Rows<R> rows) {
    return with(connection -> query(connection, sql, parameters, rows));
  }

  /** As {@link #update(String, Parameters)}, within work on a connection. */
  static int update(Connection connection, String sql, Parameters parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      parameters.set(statement);
      return statement.executeUpdate();
    }
  }

  /** As {@link #query(String, Parameters, Rows)}, within work on a connection. */
  static <R> R query(Connection connection, String sql, Parameters parameters, Rows<R> rows)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      parameters.set(statement);
      try (ResultSet result = statement.executeQuery()) {
        return rows.read(result);
      }
    }
  }
}
