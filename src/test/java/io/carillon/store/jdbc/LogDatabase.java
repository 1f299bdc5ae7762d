package io.carillon.store.jdbc;

import io.carillon.kit.Bootstrap;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/** A database of a test's own, by any role. */
final class LogDatabase {
  private final DatabaseAccess access;

  private LogDatabase(DatabaseAccess access) {
    this.access = access;
  }

  /** With the roles only. */
  static LogDatabase empty() {
    return new LogDatabase(TestDatabase.empty());
  }

  static LogDatabase migrated() {
    return new LogDatabase(TestDatabase.migrated());
  }

  /** As {@link #empty}, in an encoding that is not supported. */
  static LogDatabase inLatin1() throws SQLException {
    LogDatabase database = empty();
    String name = database.name();
    PGSimpleDataSource elsewhere = database.superuser();
    elsewhere.setDatabaseName("postgres");
    try (Connection connection = elsewhere.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE " + name);
      statement.execute(
          "CREATE DATABASE %s OWNER %s TEMPLATE template0 ENCODING 'LATIN1'"
              .formatted(name, Bootstrap.OWNER));
    }
    return database;
  }

  DatabaseAccess access() {
    return access;
  }

  String name() {
    return access.name();
  }

  int port() {
    return access.port();
  }

  PGSimpleDataSource superuser() {
    return as("postgres", "postgres");
  }

  PGSimpleDataSource owner() {
    return as(Bootstrap.OWNER, access.ownerPassword());
  }

  PGSimpleDataSource app() {
    return as(Bootstrap.APP, access.appPassword());
  }

  PGSimpleDataSource as(String user, String password) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {access.host()});
    source.setPortNumbers(new int[] {access.port()});
    source.setDatabaseName(access.name());
    source.setUser(user);
    source.setPassword(password);
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
