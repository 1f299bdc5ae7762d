package io.carillon.dev;

import io.carillon.fixtures.BareEcho;
import io.carillon.kit.AtEnd;
import io.carillon.kit.ExtendedServer;
import io.carillon.kit.Folders;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.Ports;
import io.carillon.kit.TestDatabase;
import io.carillon.kit.WarmStart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Starts what the public suites of guests are run against, over a database that is gone afterwards,
 * and stops it when it is told to end or when the build that started it is gone:
 *
 * <ul>
 *   <li>at the first port {@code /engine.io/}, an echo, and {@code /socket.io/} without recovery,
 *       with pings every 300 ms that want an answer within 200 ms;
 *   <li>at the next one {@code /socket.io/} with recovery and pings every 2 s, whose main namespace
 *       is that of the client library's suite.
 * </ul>
 *
 * <p>Both have the beans of {@code io.carillon.fixtures}.
 */
final class Fixtures {
  private static final Duration READY = Duration.ofMinutes(5);
  private static final String HOST = "127.0.0.1";

  /** The library's loggers would speak on the terminal; kept here lest they be collected. */
  private static final Logger LIBRARY = Logger.getLogger("io.zonky");

  private Fixtures() {}

  /** Runs until it is told to end. Arguments: the unpacked runtime, the first port. */
  public static void main(String[] args) throws Exception {
    LIBRARY.setLevel(Level.WARNING);
    Path runtime = Path.of(args[0]);
    int port = Integer.parseInt(args[1]);
    for (int taken : List.of(port, port + 1, port + 363, port + 364)) {
      if (!Ports.isFree(HOST, taken)) {
        System.err.printf("Port %d on %s is taken by another program.%n", taken, HOST);
        System.exit(3);
      }
    }
    ProcessHandle.current().parent().ifPresent(Fixtures::stopWith);
    try {
      run(runtime, port);
    } catch (IOException | TimeoutException e) {
      System.err.println("The fixtures could not start: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void stopWith(ProcessHandle build) {
    Thread.ofPlatform()
        .daemon()
        .name("end-of-the-build")
        .start(
            () -> {
              build.onExit().join();
              System.exit(0);
            });
  }

  private static void run(Path runtime, int port)
      throws IOException, InterruptedException, TimeoutException {
    Path user =
        ExtendedServer.make(runtime, Path.of("target/fixtures"), BareEcho.class.getPackage());
    LibertyServer quick =
        start(
            runtime,
            user,
            port,
            Map.of(
                "CARILLON_SOCKETIO_PING_INTERVAL", BareEcho.PING_INTERVAL.toString(),
                "CARILLON_SOCKETIO_PING_TIMEOUT", BareEcho.PING_TIMEOUT.toString(),
                "CARILLON_SOCKETIO_RECOVERY", "false"));
    LibertyServer recovering =
        start(
            runtime,
            user,
            port + 1,
            Map.of("CARILLON_SOCKETIO_PING_INTERVAL", "PT2S", "FIXTURES_SUITE", "client"));
    quick.awaitReady(READY);
    recovering.awaitReady(READY);
    System.out.printf(
        "Fixtures are ready: %s and %s with pings every 300 ms, %s with recovery.%n",
        quick.uri("/engine.io/"), quick.uri("/socket.io/"), recovering.uri("/socket.io/"));
    System.out.flush();
    Thread.currentThread().join();
  }

  private static LibertyServer start(
      Path runtime, Path user, int port, Map<String, String> settings) throws IOException {
    Map<String, String> environment = new HashMap<>(TestDatabase.empty().environment());
    environment.put("CARILLON_DEMO", "true");
    environment.put("CARILLON_INSTANCE_NAME", "fixtures-" + port);
    environment.put("JVM_ARGS", WarmStart.options());
    environment.putAll(settings);
    Path output = Path.of("target/fixtures").resolve(Integer.toString(port));
    Folders.delete(output);
    LibertyServer server = new LibertyServer(runtime, output, HOST, port, environment).using(user);
    // The database was asked for before, and so ends after it.
    AtEnd.close(server);
    server.start();
    ErrorLines.follow(server, port);
    return server;
  }
}
