package io.carillon.dev;

import io.carillon.kit.Bootstrap;
import io.carillon.kit.DatabaseAccess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * An embedded PostgreSQL that keeps its data in a folder and is as durable as a real one: fsync and
 * synchronous_commit are on (the library would start it with fsync off). It listens on the loopback
 * addresses only and trusts every local login, so it is for trying out, not for production.
 */
final class PersistentDatabase implements AutoCloseable {
  private static final String NAME = "carillon";

  private final EmbeddedPostgres postgres;
  private final DatabaseAccess access;

  private PersistentDatabase(EmbeddedPostgres postgres, DatabaseAccess access) {
    this.postgres = postgres;
    this.access = access;
  }

  /**
   * Starts it and makes roles, database and schema at the first time.
   *
   * @param home the folder of this project's runs
   * @param port TCP port, 0 for any free one
   */
  static PersistentDatabase start(Path home, int port) throws IOException, SQLException {
    Path data = home.resolve("postgresql");
    Path complete = home.resolve("postgresql.complete");
    if (!Files.exists(complete)) {
      // A first start that was interrupted leaves half a cluster, which nothing can repair.
      deleteTree(data);
    }
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setOverrideWorkingDirectory(home.resolve("postgresql-binaries").toFile())
            .setRegisterShutdownHook(false)
            .setPGStartupWait(Duration.ofSeconds(60))
            .setLocaleConfig("locale", "C")
            .setPort(port)
            .setServerConfig("listen_addresses", "localhost")
            .setServerConfig("fsync", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "200")
            .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
            .setOutputRedirector(
                ProcessBuilder.Redirect.to(home.resolve("postgresql.log").toFile()))
            .start();
    try {
      String password = secret(home.resolve("database-password"));
      Bootstrap.roles(postgres.getPostgresDatabase(), password, password);
      Bootstrap.database(postgres.getPostgresDatabase(), NAME, "template0");
      if (!Files.exists(complete)) {
        Files.createFile(complete);
      }
      return new PersistentDatabase(
          postgres,
          new DatabaseAccess(
              "127.0.0.1",
              postgres.getPort(),
              NAME,
              Bootstrap.APP,
              password,
              Bootstrap.OWNER,
              password));
    } catch (IOException | SQLException | RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  DatabaseAccess access() {
    return access;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }

  private static String secret(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] bytes = new byte[16];
      new java.security.SecureRandom().nextBytes(bytes);
      Files.writeString(file, HexFormat.of().formatHex(bytes));
    }
    return Files.readString(file).strip();
  }

  private static void deleteTree(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
