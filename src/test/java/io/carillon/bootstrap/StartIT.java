package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.carillon.kit.AtLength;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.Folders;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.Ports;
import io.carillon.kit.TestDatabase;
import io.carillon.kit.WarmStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Starts that lead nowhere: the process says why in one line, and ends with a status. They go on
 * side by side.
 */
final class StartIT {
  private static final Path RUNTIME =
      Path.of(System.getProperty("carillon.runtime", "target/liberty/wlp"));
  private static final Duration END = Duration.ofMinutes(5);

  private static LibertyServer wrong;
  private static LibertyServer keyless;
  private static LibertyServer shutOut;
  private static HttpServer stranger;

  @BeforeAll
  static void start() throws IOException {
    wrong =
        server(Ports.takeHttp(), Map.of("CARILLON_DEMO", "true", "CARILLON_LOG_RETENTION", "7d"));
    wrong.start();
    keyless = server(Ports.takeHttp(), Map.of());
    keyless.start();
    if (AtLength.ASKED) {
      startWhereSomebodyElseAnswers();
    }
  }

  private static void startWhereSomebodyElseAnswers() throws IOException {
    int port = Ports.takeHttp();
    stranger = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    stranger.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    stranger.start();
    shutOut = server(port, Map.of("CARILLON_DEMO", "true"));
    shutOut.start(Map.of("WLP_LOGGING_CONSOLE_LOGLEVEL", "AUDIT"));
  }

  @AfterAll
  static void stop() {
    for (LibertyServer server : new LibertyServer[] {wrong, keyless, shutOut}) {
      if (server != null) {
        server.close();
      }
    }
    if (stranger != null) {
      stranger.stop(0);
    }
  }

  private static LibertyServer server(int port, Map<String, String> settings) throws IOException {
    DatabaseAccess database = TestDatabase.empty();
    Map<String, String> environment = new HashMap<>(database.environment());
    environment.put("JVM_ARGS", WarmStart.options());
    environment.putAll(settings);
    Path output = Path.of("target/it").resolve(Integer.toString(port));
    Folders.delete(output);
    return new LibertyServer(RUNTIME, output, "127.0.0.1", port, environment);
  }

  private static List<String> ended(LibertyServer server, int status) throws Exception {
    assertEquals(status, server.awaitEnd(END), server::tail);
    return Files.readAllLines(server.console());
  }

  private static void saysInOneLine(List<String> console, String... words) {
    List<String> ours =
        console.stream().filter(l -> l.contains("Carillon does not start")).toList();
    assertEquals(1, ours.size(), console::toString);
    for (String word : words) {
      assertTrue(ours.getFirst().contains(word), ours::getFirst);
    }
    assertFalse(
        console.stream().anyMatch(l -> l.strip().startsWith("at io.")), "a trace hides the line");
  }

  @Test
  void aWrongSettingEndsTheProcessWithItsNameAndNoTrace() throws Exception {
    saysInOneLine(
        ended(wrong, Exit.CONFIGURATION), "carillon.log.retention", "such as PT5S or P1D");
  }

  @Test
  void withoutAnyKeyForTokensNobodyCouldLogIn() throws Exception {
    saysInOneLine(ended(keyless, Exit.CONFIGURATION), "mp.jwt.verify.publickey", "no key is set");
  }

  /** The ends of {@link Door} alone are its test's: the instance itself waits a minute for it. */
  @AtLength
  @Test
  void whereThePortIsTakenItNeverSaysReady() throws Exception {
    List<String> console = ended(shutOut, Exit.UNREACHABLE);
    assertTrue(
        console.stream().anyMatch(l -> l.contains("port " + shutOut.port() + " is taken")),
        console::toString);
    assertFalse(console.stream().anyMatch(l -> l.contains("Carillon is ready")), console::toString);
  }
}
