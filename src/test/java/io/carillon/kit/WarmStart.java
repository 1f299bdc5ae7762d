package io.carillon.kit;

import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * What makes a server's second start a third cheaper than its first, given to every server of the
 * tests: the archive of the classes that it loads (dynamic class-data sharing, JEP 350), Liberty's
 * work area and the keys that are made at a first start. One server leaves them at its end, once a
 * build folder; see docs/decisions/0012. Classes and features that have changed since are loaded as
 * at a first start. Thread-safe.
 */
public final class WarmStart {
  private static final Logger LOG = Logger.getLogger(WarmStart.class.getName());
  private static final Path KEPT = Path.of("target/liberty/warm").toAbsolutePath();

  /** Has the password of the keys, new with each runtime. */
  private static final Path PASSWORD =
      Path.of(System.getProperty("carillon.runtime", "target/liberty/wlp"))
          .resolve("usr/servers/carillon/server.env");

  private static final Path ARCHIVE = KEPT.resolve("classes.jsa");
  private static final Path WORK = Path.of("carillon/workarea");
  private static final List<Path> FILES =
      List.of(
          Path.of("carillon/resources/security/key.p12"),
          Path.of("carillon/resources/security/ltpa.keys"));

  /**
   * Liberty's start script gives the JVM an agent, with which there is no archive by default, and
   * of which the JVM warns at every start.
   */
  private static final String ALLOW =
      "-XX:+UnlockDiagnosticVMOptions -XX:+AllowArchivingWithJavaAgent"
          + " -Xlog:cds=off -Xlog:aot=off ";

  private static final Duration ENDED = Duration.ofMinutes(2);

  private static boolean tried;

  private WarmStart() {}

  /** For {@code JVM_ARGS}: 512 MB, a quick start and the archive. */
  public static String options() {
    return "-Xmx512m " + LibertyServer.QUICK_START + " " + archive();
  }

  /** For {@code JVM_ARGS}: the archive alone, whatever collector and compilers the server has. */
  public static String archive() {
    return made() ? ALLOW + "-XX:SharedArchiveFile=" + ARCHIVE : "";
  }

  /** Empties a server's output folder of what an earlier run left, and makes it warm. */
  public static void prepare(Path output) throws IOException {
    Folders.delete(output);
    if (made()) {
      for (Path file : FILES) {
        copy(KEPT, output, file);
      }
      try (Stream<Path> files = Files.walk(KEPT.resolve(WORK))) {
        // Those with a dot are of the process that has ended.
        for (Path file : files.filter(f -> Files.isRegularFile(f) && !hidden(f)).toList()) {
          copy(KEPT, output, KEPT.relativize(file));
        }
      }
    }
  }

  private static boolean hidden(Path file) {
    return file.getFileName().toString().startsWith(".s");
  }

  private static void copy(Path from, Path to, Path file) throws IOException {
    Files.createDirectories(to.resolve(file).getParent());
    Files.copy(from.resolve(file), to.resolve(file));
  }

  private static synchronized boolean made() {
    if (!tried) {
      tried = true;
      try {
        Path password = KEPT.resolve("server.env");
        if (!Files.exists(password) || Files.mismatch(PASSWORD, password) >= 0) {
          Folders.delete(KEPT);
          make();
        }
      } catch (IOException | TimeoutException e) {
        throw new IllegalStateException("the first server did not start", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    return Files.exists(KEPT);
  }

  private static void make() throws IOException, InterruptedException, TimeoutException {
    Path folder = KEPT.resolveSibling("warm.new");
    Folders.delete(folder);
    Files.createDirectories(folder);
    Path classes = folder.resolve(ARCHIVE.getFileName());
    String options =
        String.join(
            " ",
            "-Xmx512m",
            LibertyServer.QUICK_START,
            ALLOW,
            "-XX:ArchiveClassesAtExit=" + classes);
    try (Cluster cluster = Cluster.start(1, Map.of("JVM_ARGS", options))) {
      LibertyServer server = cluster.server(0);
      use(server.uri("/"));
      if (!server.terminate(ENDED) || !Files.exists(classes)) {
        LOG.warning("no archive of classes, servers start slowly:\n" + server.tail());
        return;
      }
      Path output = server.console().getParent();
      for (Path file : FILES) {
        copy(output, folder, file);
      }
      Files.move(output.resolve(WORK), folder.resolve(WORK));
      Files.copy(PASSWORD, folder.resolve("server.env"));
    }
    Files.move(folder, KEPT);
  }

  /** What every server does at first: its classes are to be in the archive, too. */
  private static void use(URI server) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String token = Calls.demoToken(http, server, "alice");
      String room = RoomNames.fresh();
      try (SocketClient client = SocketClient.connect(http, server, token)) {
        client.join(room, ",\"presence\":true");
        new Calls(http, server, token).publish(room, "n", "1");
        client.next("event");
      }
    }
  }
}
