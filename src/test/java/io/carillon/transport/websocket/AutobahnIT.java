package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.guests.ExtendedCluster;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Autobahn's public suite for servers (0.6.4), through our own reader and writer: framing, pings,
 * reserved bits, opcodes, fragments, UTF-8, closes, messages up to 1 MiB and in many parts. Of its
 * thousand messages against the clock only the smallest, for a busy machine proves nothing there.
 */
@Timeout(600)
final class AutobahnIT {
  private static final Path FOLDER = Path.of("target/autobahn").toAbsolutePath();
  private static final Path SCRIPT = Path.of("src/test/autobahn/client.py").toAbsolutePath();
  private static final List<String> CASES =
      List.of(
          "1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.1.1", "9.1.2", "9.1.3", "9.2.1",
          "9.2.2", "9.2.3", "9.7.1", "10.*");
  private static final int NUMBER = 254;

  /** What is as good as a pass: an end at another frame than the strictest, or no requirement. */
  private static final Set<String> GOOD = Set.of("OK", "NON-STRICT", "INFORMATIONAL");

  @Test
  void noCaseFails() throws Exception {
    Path reports = Files.createDirectories(FOLDER.resolve("reports"));
    Path log = FOLDER.resolve("client.log");
    Process client = client(reports, log);
    try {
      assertTrue(client.waitFor(8, TimeUnit.MINUTES), "the client has not ended");
    } finally {
      client.destroyForcibly();
    }
    assertEquals(0, client.exitValue(), () -> read(log));
    JsonObject cases = Texts.object(read(reports.resolve("index.json"))).getJsonObject("carillon");
    Map<String, String> failed = new TreeMap<>();
    cases.forEach(
        (name, found) -> {
          JsonObject result = found.asJsonObject();
          for (String what : List.of("behavior", "behaviorClose")) {
            JsonString how = result.getJsonString(what);
            if (!GOOD.contains(how.getString())) {
              failed.merge(name, what + ' ' + how.getString(), (a, b) -> a + ", " + b);
            }
          }
        });
    assertEquals(Map.of(), failed);
    assertEquals(NUMBER, cases.size());
  }

  private static Process client(Path reports, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(FOLDER.resolve("autobahn.jar") + File.pathSeparator + FOLDER.resolve("jython.jar"));
    command.addAll(List.of("org.python.util.jython", SCRIPT.toString()));
    command.add(
        ExtendedCluster.shared().server(1).uri("/mirror").toString().replaceFirst("http", "ws"));
    command.add(reports.toString());
    command.addAll(CASES);
    return new ProcessBuilder(command)
        .directory(FOLDER.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }
}
