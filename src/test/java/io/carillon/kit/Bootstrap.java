package io.carillon.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * What an administrator does once, as superuser, before the first start: the roles of {@code
 * db/roles.sql} and a database that the migrations' role owns. {@code docs/operations.md} shows the
 * same by hand.
 */
public final class Bootstrap {
  /** The role of the running application. */
  public static final String APP = "carillon_app";

  /** The role of the migrations. */
  public static final String OWNER = "carillon_owner";

  private Bootstrap() {}

  /** Makes the roles if they are missing and sets the passwords of the two that log in. */
  public static void roles(DataSource superuser, String appPassword, String ownerPassword)
      throws SQLException, IOException {
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(resource("db/roles.sql"));
      password(statement, APP, appPassword);
      password(statement, OWNER, ownerPassword);
    }
  }

  /**
   * Makes a database if it is missing.
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
            "create database %s owner %s template %s".formatted(quoted(name), OWNER, template));
        statement.execute("revoke all on database %s from public".formatted(quoted(name)));
        statement.execute("grant connect on database %s to %s".formatted(quoted(name), APP));
      }
    }
  }

  private static void password(Statement statement, String role, String password)
      throws SQLException {
    statement.execute("alter role %s password '%s'".formatted(role, password.replace("'", "''")));
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

  private static String resource(String name) throws IOException {
    try (InputStream in = Bootstrap.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
