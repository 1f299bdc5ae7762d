package io.carillon.kit;

import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a database is and how its two roles log in.
 *
 * @param host name or address of the server
 * @param port TCP port of the server
 * @param name the database
 * @param appUser the role of the running application: reads and writes rows, no DDL
 * @param appPassword its password
 * @param ownerUser the role of the migrations: owns the schema
 * @param ownerPassword its password
 */
public record DatabaseAccess(
    String host,
    int port,
    String name,
    String appUser,
    String appPassword,
    String ownerUser,
    String ownerPassword) {

  /** Unpooled connections of the application's role. */
  public DataSource app() {
    return dataSource(appUser, appPassword);
  }

  /** Unpooled connections of the migrations' role. */
  public DataSource owner() {
    return dataSource(ownerUser, ownerPassword);
  }

  /** The same database reached at another address, for example through a proxy. */
  public DatabaseAccess at(String otherHost, int otherPort) {
    return new DatabaseAccess(
        otherHost, otherPort, name, appUser, appPassword, ownerUser, ownerPassword);
  }

  /** The environment variables that make a server use this database. */
  public Map<String, String> environment() {
    return Map.of(
        "CARILLON_DATABASE_HOST", host,
        "CARILLON_DATABASE_PORT", Integer.toString(port),
        "CARILLON_DATABASE_NAME", name,
        "CARILLON_DATABASE_USER", appUser,
        "CARILLON_DATABASE_PASSWORD", appPassword,
        "CARILLON_MIGRATION_USER", ownerUser,
        "CARILLON_MIGRATION_PASSWORD", ownerPassword);
  }

  private DataSource dataSource(String user, String password) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {host});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(name);
    source.setUser(user);
    source.setPassword(password);
    return source;
  }
}
