package io.carillon.bootstrap;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The ways to the database: the server's pool for reads, and connections of our own for the writers
 * and the listener, which must not share a session with anything.
 */
final class Databases {
  private final DataSource pool;
  private final DataSource migration;
  private final Settings.Database where;

  Databases(DataSource pool, DataSource migration, Settings.Database where) {
    this.pool = pool;
    this.migration = migration;
    this.where = where;
  }

  /** The server's pool under the application's role. */
  DataSource pool() {
    return pool;
  }

  /** The server's pool under the migration role. */
  DataSource migration() {
    return migration;
  }

  /**
   * Connections of our own.
   *
   * @param name what the database shows as the application
   * @param socketSeconds how long one read of the socket may take
   */
  DataSource own(String name, int socketSeconds) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {where.host()});
    source.setPortNumbers(new int[] {where.port()});
    source.setDatabaseName(where.name());
    source.setUser(where.user());
    source.setPassword(where.password());
    source.setSslMode(where.sslMode());
    source.setApplicationName(name);
    source.setConnectTimeout(3);
    source.setLoginTimeout(5);
    source.setSocketTimeout(socketSeconds);
    source.setTcpKeepAlive(true);
    return source;
  }

  /** A connection for the backplane; its reads are bounded by its own timeouts. */
  Connection listen() throws SQLException {
    return own("carillon backplane", 10).getConnection();
  }
}
