package io.carillon.kit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One PostgreSQL process that a test starts, kills, freezes, copies and promotes: durable (fsync
 * on) and on the loopback address. The binaries are those of the embedded one. Not thread-safe.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Path WORK = Path.of("target/postgresql");
  private static final Duration START = Duration.ofSeconds(60);

  private final Path data;
  private final int port;
  private final Map<String, String> settings = new HashMap<>();
  private Process process;

  private PostgresServer(Path data) throws IOException {
    this.data = data.toAbsolutePath();
    this.port = Ports.free();
    settings.put("listen_addresses", "localhost");
    settings.put("unix_socket_directories", "");
    settings.put("max_connections", "300");
    settings.put("synchronous_commit", "on");
    settings.put("wal_level", "replica");
    settings.put("max_wal_senders", "4");
    settings.put("log_min_messages", "warning");
  }

  /**
   * Makes a cluster in an empty folder; it is not started yet.
   *
   * @throws IOException if it cannot be made
   */
  public static PostgresServer init(Path data) throws IOException, InterruptedException {
    Files.createDirectories(data.toAbsolutePath().getParent());
    PostgresServer server = new PostgresServer(data);
    server.tool(
        "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-D", server.data());
    return server;
  }

  /** Sets a parameter of the configuration; holds from the next start on. */
  public PostgresServer with(String name, String value) {
    settings.put(name, value);
    return this;
  }

  /** Process id of what was started last: the postmaster, or its parent. */
  public long pid() {
    return process.pid();
  }

  /** Starts the process and waits until it answers. */
  public void start() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(asUser());
    command.add(binaries().resolve("postgres").toString());
    command.addAll(List.of("-D", data(), "-p", Integer.toString(port)));
    settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    process = builder.start();
    process.getOutputStream().close();
    long deadline = System.nanoTime() + START.toNanos();
    while (!answers()) {
      if (System.nanoTime() > deadline || process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IOException("PostgreSQL does not answer, see " + log());
      }
    }
  }

  /** Ends the postmaster and its children at once, as a power cut of the machine would. */
  public void kill() throws InterruptedException {
    List<ProcessHandle> family =
        Stream.concat(Stream.of(process.toHandle()), process.toHandle().descendants()).toList();
    family.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
    for (ProcessHandle child : family) {
      while (child.isAlive()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  /** Asks for a fast shutdown (SIGINT) and waits. */
  public void stop() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IOException("PostgreSQL does not stop, see " + log());
    }
  }

  /**
   * Copies this running server into another folder by a base backup and makes it a standby that
   * follows this one by streaming; it is not started yet.
   *
   * @param name its {@code application_name}, for {@code synchronous_standby_names}
   */
  public PostgresServer standby(Path folder, String name)
      throws IOException, SQLException, InterruptedException {
    PostgresServer copy = new PostgresServer(folder);
    try (Connection connection = superuser("postgres").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("select pg_backup_start('" + name + "', true)");
      copyTree(data, copy.data);
      try (ResultSet label =
          statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        label.next();
        Files.writeString(copy.data.resolve("backup_label"), label.getString(1));
      }
    }
    copy.settings.putAll(settings);
    Files.deleteIfExists(copy.data.resolve("postmaster.pid"));
    Files.createFile(copy.data.resolve("standby.signal"));
    // Not on the command line, which nothing could change while it runs.
    Files.writeString(
        copy.data.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres application_name=%s'%n"
            .formatted(port, name),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return copy;
  }

  /** Makes a standby the primary; returns when it takes writes. */
  public void promote() throws SQLException {
    execute("postgres", "select pg_promote(true, 60)");
  }

  /** Runs a statement as the superuser. */
  public void execute(String database, String sql) throws SQLException {
    try (Connection connection = superuser(database).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Unpooled connections of the superuser. */
  public PGSimpleDataSource superuser(String database) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    source.setUser("postgres");
    source.setConnectTimeout(5);
    return source;
  }

  /** The port on the loopback address; the same over all starts. */
  public int port() {
    return port;
  }

  /** The postmaster. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** What the process writes. */
  public Path log() {
    return Path.of(data + ".log");
  }

  @Override
  public void close() {
    try {
      if (process != null && process.isAlive()) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean answers() {
    try (Connection connection = superuser("postgres").getConnection()) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private String data() {
    return data.toString();
  }

  private void tool(String name, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(asUser());
    command.add(binaries().resolve(name).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    if (builder.start().waitFor() != 0) {
      throw new IOException(name + " failed, see " + log());
    }
  }

  /** PostgreSQL refuses to run as root; in a user namespace of its own it does not see that. */
  private static List<String> asUser() {
    return System.getProperty("user.name").equals("root") ? List.of("unshare", "-U") : List.of();
  }

  /** The folder of the binaries, which the embedded PostgreSQL unpacks at its first start. */
  private static Path binaries() throws IOException {
    Files.createDirectories(WORK);
    for (int i = 0; i < 2; i++) {
      try (Stream<Path> unpacked = Files.list(WORK)) {
        for (Path folder : unpacked.toList()) {
          if (Files.isExecutable(folder.resolve("bin/postgres"))) {
            return folder.resolve("bin").toAbsolutePath();
          }
        }
      }
      EmbeddedPostgres.builder()
          .setOverrideWorkingDirectory(new File(WORK.toString()))
          .start()
          .close();
    }
    throw new IOException("no PostgreSQL binaries in " + WORK);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(
              copy,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else if (!file.endsWith("postmaster.pid")) {
          copyFile(file, copy);
        }
      }
    }
  }

  /** Files may go away while a running server is copied; its WAL makes up for that. */
  private static void copyFile(Path file, Path copy) throws IOException {
    try {
      Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
    } catch (java.nio.file.NoSuchFileException gone) {
      Files.deleteIfExists(copy);
    }
  }
}
