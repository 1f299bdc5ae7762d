package io.carillon.store.jdbc;

import io.carillon.core.spi.LogUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Small autocommitted piece of work on a pooled connection. */
@FunctionalInterface
interface Work<T> {
  T with(Connection connection) throws SQLException;

  /** Does it; whatever the database says becomes a {@link LogUnavailableException}. */
  static <T> T with(DataSource source, Work<T> work) {
    try (Connection connection = source.getConnection()) {
      return work.with(connection);
    } catch (SQLException failed) {
      throw new LogUnavailableException("a store cannot be read or written", failed);
    }
  }
}
