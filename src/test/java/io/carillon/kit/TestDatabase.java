package io.carillon.kit;

import io.carillon.store.jdbc.Migrator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * One embedded PostgreSQL for all tests of this JVM, and a database of its own for each test class
 * that asks. The first use starts the server; the JVM's end stops it.
 *
 * <p>The server runs with fsync off, because a test machine's power does not fail; {@code
 * synchronous_commit} stays on, so that code that looks at it sees what production shows. Tests of
 * durability start a server of their own ({@link #durable}).
 */
public final class TestDatabase {
  private static final String TEMPLATE = "carillon_template";
  private static final String SORTED_TEMPLATE = "carillon_template_sorted";
  private static final String PASSWORD = "test";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static volatile String template = TEMPLATE;

  private final EmbeddedPostgres postgres;

  private TestDatabase(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** The server that the tests of this JVM share. */
  public static TestDatabase shared() {
    return SharedServer.SERVER;
  }

  /** A database that has every migration, copied from a template; nobody else uses it. */
  public static DatabaseAccess migrated() {
    return shared().create(template);
  }

  /**
   * From now on, and until the answer is closed, {@link #migrated} databases sort and compare text
   * as this locale of ICU does, where nothing else is said.
   */
  public static AutoCloseable sortedBy(String locale) throws SQLException {
    TestDatabase server = shared();
    try (Connection connection = server.superuser("postgres").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + SORTED_TEMPLATE);
      statement.execute(
          "CREATE DATABASE %s OWNER %s TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '%s'"
              .formatted(SORTED_TEMPLATE, Bootstrap.OWNER, locale));
      statement.execute(
          "GRANT CONNECT ON DATABASE %s TO %s".formatted(SORTED_TEMPLATE, Bootstrap.APP));
    }
    new Migrator().migrate(server.access(SORTED_TEMPLATE).owner());
    template = SORTED_TEMPLATE;
    return () -> template = TEMPLATE;
  }

  /** A database with the roles and nothing else, as an administrator hands it over. */
  public static DatabaseAccess empty() {
    return shared().create("template0");
  }

  /** Starts another server, with fsync on. The caller closes it. */
  public static EmbeddedPostgres durable() throws IOException {
    return builder().setServerConfig("fsync", "on").start();
  }

  /**
   * Starts another server with settings of its own, ready for {@link #another}; it lives as long as
   * this JVM.
   */
  public static TestDatabase separate(Map<String, String> settings)
      throws IOException, SQLException {
    EmbeddedPostgres.Builder builder = builder().setRegisterShutdownHook(false);
    settings.forEach(builder::setServerConfig);
    return prepared(builder.start());
  }

  /** A database of this server that has every migration; nobody else uses it. */
  public DatabaseAccess another() {
    return create(TEMPLATE);
  }

  /** Connections of the superuser to one of this server's databases. */
  public DataSource superuser(String database) {
    return postgres.getDatabase("postgres", database);
  }

  /** The port of this server on the loopback address. */
  public int port() {
    return postgres.getPort();
  }

  private DatabaseAccess create(String from) {
    String name = "carillon_" + COUNT.incrementAndGet();
    try {
      Bootstrap.database(postgres.getPostgresDatabase(), name, from);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return access(name);
  }

  private DatabaseAccess access(String database) {
    return new DatabaseAccess(
        "127.0.0.1",
        postgres.getPort(),
        database,
        Bootstrap.APP,
        PASSWORD,
        Bootstrap.OWNER,
        PASSWORD);
  }

  private static EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(new File("target/postgresql"))
        .setLocaleConfig("locale", "C")
        .setPGStartupWait(Duration.ofMinutes(1))
        .setServerConfig("listen_addresses", "localhost")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("wal_level", "logical")
        .setServerConfig("max_prepared_transactions", "20")
        .setServerConfig("max_connections", "300");
  }

  private static TestDatabase prepared(EmbeddedPostgres postgres) throws IOException, SQLException {
    AtEnd.close(postgres);
    TestDatabase server = new TestDatabase(postgres);
    Bootstrap.roles(postgres.getPostgresDatabase(), PASSWORD, PASSWORD);
    Bootstrap.database(postgres.getPostgresDatabase(), TEMPLATE, "template0");
    new Migrator().migrate(server.access(TEMPLATE).owner());
    return server;
  }

  private static final class SharedServer {
    private static final TestDatabase SERVER = start();

    private static TestDatabase start() {
      try {
        return prepared(builder().setRegisterShutdownHook(false).start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
