package io.carillon.bootstrap;

import io.carillon.store.jdbc.SoleConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGConnectionPoolDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ds.common.BaseDataSource;

/**
 * Data sources and connections of the instance: the server's pool for reads, the host application's
 * for its own transactions, and connections of our own for the writers, the listener and vital
 * calls, which must not share a session or a queue with anything.
 */
final class Databases {
  private static final int CONNECT_SECONDS = 3;
  private static final int VITAL_SECONDS = 2;

  private final DataSource pool;
  private final DataSource live;
  private final DataSource application;
  private final DataSource migration;
  private final Settings.Database where;

  Databases(
      DataSource pool,
      DataSource live,
      DataSource application,
      DataSource migration,
      Settings.Database where) {
    this.pool = pool;
    this.live = live;
    this.application = application;
    this.migration = migration;
    this.where = where;
  }

  /** The server's pool under the application's role. */
  DataSource pool() {
    return pool;
  }

  /** The small pool for live delivery, from which no client's request takes a connection. */
  DataSource live() {
    return live;
  }

  /** The host application's pool under the application's role: takes part in its transactions. */
  DataSource application() {
    return application;
  }

  /**
   * The one connection for vital calls: the instance's lease, withdrawn rights and the database
   * ping. It waits for no pool and gives a silent database up in time for another try before the
   * known revocations are too old to deliver by.
   */
  SoleConnection vital() {
    PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
    source.setDefaultAutoCommit(true);
    address(source, "carillon vital", VITAL_SECONDS);
    return new SoleConnection(source, Duration.ofSeconds(VITAL_SECONDS));
  }

  /** The server's pool under the migration role. */
  DataSource migration() {
    return migration;
  }

  /**
   * Connections of our own.
   *
   * @param name application name shown by the database
   * @param socketSeconds socket timeout of a read
   */
  DataSource own(String name, int socketSeconds) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    address(source, name, socketSeconds);
    return source;
  }

  private void address(BaseDataSource source, String name, int socketSeconds) {
    source.setServerNames(new String[] {where.host()});
    source.setPortNumbers(new int[] {where.port()});
    source.setDatabaseName(where.name());
    source.setUser(where.user());
    source.setPassword(where.password());
    source.setSslMode(where.tls().mode());
    if (!where.tls().rootCertificate().isEmpty()) {
      source.setSslRootCert(where.tls().rootCertificate());
    }
    // An empty name means none; otherwise the driver would take one from the home directory.
    source.setSslCert(where.tls().certificate());
    source.setSslKey(where.tls().key());
    source.setApplicationName(name);
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(5);
    source.setSocketTimeout(socketSeconds);
    source.setTcpKeepAlive(true);
  }

  /** A connection for the backplane; its reads are bounded by its own timeouts. */
  Connection listen() throws SQLException {
    return own("carillon backplane", 10).getConnection();
  }
}
