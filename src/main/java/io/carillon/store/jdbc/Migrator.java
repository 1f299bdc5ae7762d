package io.carillon.store.jdbc;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;

/**
 * Schema migration by Flyway: brings a database to the version of this program, or asserts that it
 * has it. Both look at what really happened: on some servers Flyway finds no migration at all and
 * says nothing.
 *
 * <p>A database that a newer program has migrated will do as long as its schema says so ({@code
 * carillon.oldest_program}): an instance restarts in the middle of an upgrade, and a version can be
 * taken back.
 */
public final class Migrator {
  private static final System.Logger LOG = System.getLogger(Migrator.class.getName());
  private static final Pattern ROLE = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  private final String appRole;
  private final String publisherRole;

  /**
   * Names the roles that get their rights.
   *
   * @param appRole the server's own role, without DDL
   * @param publisherRole the group of roles that may call {@code carillon.publish}
   */
  public Migrator(String appRole, String publisherRole) {
    if (!ROLE.matcher(appRole).matches() || !ROLE.matcher(publisherRole).matches()) {
      throw new IllegalArgumentException("a role is lower-case letters, digits and _");
    }
    this.appRole = appRole;
    this.publisherRole = publisherRole;
  }

  /** Roles as in {@code db/roles.sql}. */
  public Migrator() {
    this("carillon_app", "carillon_publisher");
  }

  /**
   * Migrates as the owner and asserts the result. Several instances may call it at once. A server
   * on which Carillon would not run is refused before anything is written to it.
   *
   * @param owner connections of the migration role
   * @return the version that the database has now
   * @throws IllegalStateException with the reason if the database does not have this program's
   *     version afterwards, or a later one that serves this program
   */
  public String migrate(DataSource owner) {
    try {
      DatabaseCheck.requireSuitable(owner);
      requireRoles(owner);
      Flyway flyway = flyway(owner);
      int applied = flyway.migrate().migrationsExecuted;
      String version = current(flyway.info(), owner);
      LOG.log(
          Level.INFO, "database at version " + version + ", migrations applied now: " + applied);
      return version;
    } catch (SQLException | FlywayException failed) {
      throw new IllegalStateException("the database cannot be migrated", failed);
    }
  }

  /**
   * Only asserts that the database has this program's version, or a later one that serves this
   * program; needs no DDL rights.
   *
   * @param app connections of the server's own role
   * @return the version
   * @throws IllegalStateException if it has another one
   */
  public String verify(DataSource app) {
    try {
      return current(flyway(app).info(), app);
    } catch (SQLException | FlywayException failed) {
      throw new IllegalStateException("the version of the database cannot be read", failed);
    }
  }

  private Flyway flyway(DataSource source) {
    return Flyway.configure(Migrator.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:db/migration")
        .schemas("carillon")
        .defaultSchema("carillon")
        .createSchemas(true)
        .cleanDisabled(true)
        .failOnMissingLocations(true)
        .placeholders(Map.of("app_role", appRole, "publisher_role", publisherRole))
        .load();
  }

  private static String current(MigrationInfoService info, DataSource source) throws SQLException {
    MigrationInfo[] resolved =
        Arrays.stream(info.all())
            .filter(one -> one.getVersion() != null && one.getState().isResolved())
            .toArray(MigrationInfo[]::new);
    if (resolved.length == 0) {
      throw new IllegalStateException("no migration was found on the class path");
    }
    MigrationVersion mine = resolved[resolved.length - 1].getVersion();
    MigrationInfo current = info.current();
    if (info.pending().length > 0 || current == null || mine.isNewerThan(current.getVersion())) {
      throw new IllegalStateException(
          "the database is at version "
              + (current == null ? "none" : current.getVersion())
              + ", this program needs "
              + mine
              + ": migrate it with the owner's role first");
    }
    if (current.getVersion().isNewerThan(mine)) {
      requireServed(mine, current.getVersion(), source);
    }
    return current.getVersion().getVersion();
  }

  /** A newer schema says itself which programs it still serves. */
  private static void requireServed(
      MigrationVersion mine, MigrationVersion current, DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT carillon.oldest_program()");
        ResultSet row = statement.executeQuery()) {
      row.next();
      MigrationVersion oldest = MigrationVersion.fromVersion(row.getString(1));
      if (oldest.isNewerThan(mine)) {
        throw new IllegalStateException(
            "the database is at version "
                + current
                + " and serves programs from "
                + oldest
                + " on; this program is at "
                + mine
                + ": start a newer program, or restore the database of before the upgrade");
      }
      LOG.log(Level.INFO, "database at version " + current + ", newer than this program's " + mine);
    }
  }

  private void requireRoles(DataSource owner) throws SQLException {
    try (Connection connection = owner.getConnection()) {
      requireRole(connection, appRole, "LOGIN");
      requireRole(connection, publisherRole, "NOLOGIN");
    }
  }

  private static void requireRole(Connection connection, String role, String login)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ?), rolcreaterole OR rolsuper"
                + " FROM pg_roles WHERE rolname = current_user")) {
      statement.setString(1, role);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (row.getBoolean(1)) {
          return;
        }
        if (!row.getBoolean(2)) {
          throw new IllegalStateException(
              "the role " + role + " is missing: run db/roles.sql as an administrator");
        }
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE " + role + " " + login); // checked against ROLE above
    } catch (SQLException failed) {
      if (!"42710".equals(failed.getSQLState()) && !"23505".equals(failed.getSQLState())) {
        throw failed; // anything but: another instance made it in the same moment
      }
    }
  }
}
