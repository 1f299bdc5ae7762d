package io.carillon.dev;

import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts the product for trying out: an embedded PostgreSQL, then the servers, then a word to the
 * person at the terminal. It stops them in the opposite order when it is told to end, and also when
 * the build that started it is gone.
 *
 * <p>System properties: {@code carillon.http.port}, {@code carillon.host}, {@code
 * carillon.instances}, {@code carillon.database.port} (0: any free one), {@code
 * carillon.allowed.origins} (besides those of the servers, and those of the environment).
 * Everything else is passed to the servers as environment variables, as in production.
 */
final class Demo {
  private static final Duration READY = Duration.ofMinutes(10);
  private static final Duration STOP = Duration.ofSeconds(30);

  /** The library's loggers would speak on the terminal; kept here lest they be collected. */
  private static final Logger LIBRARY = Logger.getLogger("io.zonky");

  private final Leftovers processes;
  private final List<LibertyServer> servers = new ArrayList<>();
  private Optional<PersistentDatabase> database = Optional.empty();
  private volatile Optional<KillSwitch> killSwitch = Optional.empty();
  private boolean stopping;

  private Demo(Leftovers processes) {
    this.processes = processes;
  }

  /** Runs until it is told to end. Arguments: the project's folder and the unpacked runtime. */
  public static void main(String[] args) throws Exception {
    LIBRARY.setLevel(Level.WARNING);
    Path project = Path.of(args[0]).toAbsolutePath();
    Path runtime = Path.of(args[1]);
    String host = System.getProperty("carillon.host", "127.0.0.1");
    int port = Integer.getInteger("carillon.http.port", 9080);
    int instances = Integer.getInteger("carillon.instances", 1);
    Path home = Files.createDirectories(project.resolve(".carillon"));
    if (Files.getFileStore(home).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    }
    Path target = Files.createDirectories(project.resolve("target/run"));
    Files.deleteIfExists(target.resolve("failed"));

    Leftovers processes = new Leftovers(home);
    Optional<ProcessHandle> other = processes.end();
    if (other.isPresent()) {
      fail(
          target,
          "Carillon already runs from this folder (process %d): stop it with Ctrl-C first."
              .formatted(other.get().pid()));
    }
    for (int i = 0; i < instances; i++) {
      requireFree(target, host, port + i, "-Dcarillon.http.port=" + (port + 100));
      requireFree(target, host, port + i + 363, "-Dcarillon.http.port=" + (port + 100));
    }
    Demo demo = new Demo(processes);
    Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "stop"));
    stopWithTheBuild();
    try {
      demo.run(target, home, runtime, host, port, instances);
    } catch (IOException | SQLException | TimeoutException e) {
      fail(target, "Carillon could not start: " + e.getMessage());
    }
  }

  private void run(Path target, Path home, Path runtime, String host, int port, int instances)
      throws IOException, SQLException, InterruptedException, TimeoutException {
    long start = System.nanoTime();
    processes.add("runner", ProcessHandle.current());
    Optional<ProcessHandle> build = ProcessHandle.current().parent();
    if (build.isPresent()) {
      processes.add("build", build.get());
    }
    System.out.println("Starting PostgreSQL, its data is in " + home + " …");
    PersistentDatabase started =
        PersistentDatabase.start(home, Integer.getInteger("carillon.database.port", 0));
    synchronized (this) {
      database = Optional.of(started);
    }
    Map<String, String> environment = environment(started.access(), host, port, instances);
    for (int i = 0; i < instances; i++) {
      Path output = target.resolve(Integer.toString(port + i));
      environment.put("CARILLON_INSTANCE_NAME", "carillon-" + (i + 1));
      environment.put("CARILLON_INSTANCE_URL", "http://" + host + ':' + (port + i) + '/');
      LibertyServer server = new LibertyServer(runtime, output, host, port + i, environment);
      System.out.println("Starting a server at " + server.uri("/") + " …");
      synchronized (this) {
        server.start();
        servers.add(server);
      }
      processes.add("server", server.handle());
      ErrorLines.follow(server, port + i);
    }
    for (LibertyServer server : servers) {
      server.awaitReady(READY);
    }
    Banner.print(servers, started.access(), home, target, (System.nanoTime() - start) / 1e9);
    for (LibertyServer server : servers) {
      atEnd(
          server.handle(),
          () -> System.out.println("The server at " + server.uri("/") + " has ended."));
    }
    killSwitch = Optional.of(new KillSwitch(servers, this::startAgain));
    Thread.currentThread().join();
  }

  private synchronized void startAgain(LibertyServer server) throws IOException {
    if (!stopping) {
      System.out.println("Starting the server at " + server.uri("/") + " again …");
      server.start();
      processes.add("server", server.handle());
      ErrorLines.follow(server, server.port());
    }
  }

  private static Map<String, String> environment(
      DatabaseAccess database, String host, int port, int instances) {
    Map<String, String> environment = new HashMap<>(database.environment());
    environment.put("CARILLON_DEMO", "true");
    environment.put(
        "JVM_ARGS",
        Optional.ofNullable(System.getenv("JVM_ARGS")).orElse(LibertyServer.QUICK_START));
    environment.put(
        "CARILLON_ALLOWED_ORIGINS",
        origins(
            host,
            port,
            instances,
            System.getProperty("carillon.allowed.origins", ""),
            Optional.ofNullable(System.getenv("CARILLON_ALLOWED_ORIGINS")).orElse("")));
    return environment;
  }

  /**
   * The list of allowed origins: those of the servers themselves, for each is another origin to the
   * pages of the next one, and what was given besides.
   *
   * @param more lists, each separated by commas and perhaps empty
   */
  static String origins(String host, int port, int instances, String... more) {
    List<String> origins = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      for (String name : List.of("localhost", "127.0.0.1", host)) {
        origins.add("http://" + name + ":" + (port + i));
        origins.add("https://" + name + ":" + (port + i + 363));
      }
    }
    for (String list : more) {
      Stream.of(list.split(",", -1)).map(String::strip).forEach(origins::add);
    }
    return origins.stream()
        .filter(each -> !each.isEmpty())
        .distinct()
        .collect(Collectors.joining(","));
  }

  private static void requireFree(Path target, String host, int port, String advice) {
    if (!Ports.isFree(host, port)) {
      fail(
          target,
          "Port %d on %s is taken by another program; choose another: mvn %s"
              .formatted(port, host, advice));
    }
  }

  private static void stopWithTheBuild() {
    ProcessHandle.current().parent().ifPresent(build -> atEnd(build, () -> System.exit(0)));
  }

  private static void atEnd(ProcessHandle process, Runnable action) {
    Thread.ofPlatform()
        .daemon()
        .name("end-of-" + process.pid())
        .start(
            () -> {
              process.onExit().join();
              action.run();
            });
  }

  /** Servers first, so that they say goodbye to their clients and to the database. */
  private synchronized void stop() {
    stopping = true;
    killSwitch.ifPresent(KillSwitch::close);
    try {
      System.out.println("Stopping …");
      for (LibertyServer server : servers) {
        server.handle().destroy();
      }
      for (LibertyServer server : servers) {
        if (!server.terminate(STOP)) {
          server.kill();
        }
      }
      if (database.isPresent()) {
        database.get().close();
      }
      processes.clear();
      System.out.println("Stopped.");
    } catch (IOException e) {
      System.err.println("While stopping: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says why in one line and ends with the code that the build takes for "it has been said". */
  private static void fail(Path target, String message) {
    System.err.println();
    System.err.println(message);
    System.err.println();
    System.err.flush();
    try {
      Files.writeString(target.resolve("failed"), message);
      System.exit(3);
    } catch (IOException e) {
      System.exit(1);
    }
  }
}
