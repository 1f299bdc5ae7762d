package io.carillon.store.jdbc;

import io.carillon.kit.Bootstrap;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A database of its own on one PostgreSQL for all tests, as durable as a real one. */
final class LogDatabase {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static EmbeddedPostgres postgres;

  private final String name;

  private LogDatabase(String name) {
    this.name = name;
  }

  private static synchronized EmbeddedPostgres postgres() throws IOException, SQLException {
    if (postgres == null) {
      postgres =
          EmbeddedPostgres.builder()
              .setLocaleConfig("locale", "C")
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_prepared_transactions", "10")
              .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
              .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
              .start();
      Bootstrap.roles(postgres.getPostgresDatabase(), "p", "p");
    }
    return postgres;
  }

  /** With roles and an empty schema only. */
  static LogDatabase empty() throws IOException, SQLException {
    DataSource maintenance = postgres().getPostgresDatabase();
    LogDatabase made = new LogDatabase("log" + NUMBER.incrementAndGet());
    Bootstrap.database(maintenance, made.name, "template0");
    Bootstrap.schema(made.superuser());
    return made;
  }

  static LogDatabase migrated() throws IOException, SQLException {
    LogDatabase made = empty();
    new Migrator().migrate(made.owner());
    return made;
  }

  String name() {
    return name;
  }

  int port() {
    return postgres.getPort();
  }

  PGSimpleDataSource superuser() {
    return as("postgres");
  }

  PGSimpleDataSource owner() {
    return as(Bootstrap.OWNER);
  }

  PGSimpleDataSource app() {
    return as(Bootstrap.APP);
  }

  PGSimpleDataSource as(String user) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {postgres.getPort()});
    source.setDatabaseName(name);
    source.setUser(user);
    source.setPassword("p");
    return source;
  }

  /** Runs statements as superuser. */
  void run(String sql) throws SQLException {
    try (Connection connection = superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row, as superuser. */
  long number(String sql) throws SQLException {
    try (Connection connection = superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
