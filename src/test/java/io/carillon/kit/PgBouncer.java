package io.carillon.kit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The distribution's PgBouncer in front of a test database, for both of its roles. */
public final class PgBouncer implements AutoCloseable {
  private final Process process;
  private final int port;

  private PgBouncer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one; the test is left out, and says so, where none is installed.
   *
   * @param mode {@code session} or {@code transaction}
   */
  public static PgBouncer start(DatabaseAccess to, String mode)
      throws IOException, InterruptedException {
    String program =
        Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer")
            .filter(path -> new File(path).canExecute())
            .findFirst()
            .orElse("");
    Assumptions.assumeTrue(!program.isEmpty(), "no PgBouncer is installed on this machine");
    int port = free();
    // Not below target: as root it becomes somebody else, who may not look into a home directory.
    Path home = Files.createTempDirectory("carillon-pgbouncer");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = home.resolve("pgbouncer.ini");
    Path users = home.resolve("users");
    Files.writeString(
        users,
        "\"%s\" \"%s\"%n\"%s\" \"%s\"%n"
            .formatted(to.appUser(), to.appPassword(), to.ownerUser(), to.ownerPassword()));
    Files.writeString(
        file,
        """
        [databases]
        * = host=%s port=%d
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = plain
        auth_file = %s
        pool_mode = %s
        default_pool_size = 100
        max_client_conn = 200
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(to.host(), to.port(), port, users, mode));
    List<String> command = new ArrayList<>(List.of(program, file.toString()));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(1, List.of("-u", "nobody"));
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile())
            .start();
    PgBouncer started = new PgBouncer(process, port);
    AtEnd.close(started);
    started.await();
    return started;
  }

  private static int free() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private void await() throws InterruptedException {
    while (process.isAlive()) {
      try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (open.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    throw new UncheckedIOException(new IOException("PgBouncer ended with " + process.exitValue()));
  }

  /** Where it listens on the loopback address. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
