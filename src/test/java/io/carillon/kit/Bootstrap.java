package io.carillon.kit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * What an administrator does once, as superuser, before the first start: two roles, a database and
 * a schema. It mirrors the statements of {@code docs/operations.md}.
 */
public final class Bootstrap {
  public static final String APP = "carillon_app";
  public static final String OWNER = "carillon_owner";

  private Bootstrap() {}

  /** Makes the two roles if they are missing and sets their passwords. */
  public static void roles(DataSource superuser, String appPassword, String ownerPassword)
      throws SQLException {
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      role(statement, APP, appPassword);
      role(statement, OWNER, ownerPassword);
    }
  }

  /**
   * Makes a database if it is missing, in which the owner's role has its schema.
   *
   * @param superuser connections to the maintenance database
   * @param template the database to copy; an empty one comes with every cluster
   */
  public static void database(DataSource superuser, String name, String template)
      throws SQLException {
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      if (!exists(connection, name)) {
        statement.execute(
            "create database " + identifier(name) + " template " + identifier(template));
        statement.execute("revoke all on database " + identifier(name) + " from public");
        statement.execute(
            "grant connect on database " + identifier(name) + " to " + APP + ", " + OWNER);
      }
    }
  }

  /** Gives the owner's role its schema; nobody else may create anything in this database. */
  public static void schema(DataSource superuserOfTheDatabase) throws SQLException {
    try (Connection connection = superuserOfTheDatabase.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create schema if not exists carillon authorization " + OWNER);
      statement.execute("revoke all on schema public from public");
    }
  }

  private static void role(Statement statement, String role, String password) throws SQLException {
    statement.execute(
        "do $$ begin if not exists (select from pg_roles where rolname = '%s') then create role %s login; end if; end $$"
            .formatted(role, role));
    statement.execute("alter role " + role + " password '" + password.replace("'", "''") + "'");
  }

  private static boolean exists(Connection connection, String database) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("select 1 from pg_database where datname = ?")) {
      query.setString(1, database);
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    }
  }

  private static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
