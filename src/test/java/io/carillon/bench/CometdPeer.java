package io.carillon.bench;

import io.carillon.bench.Scenario.Carrier;
import io.carillon.kit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** CometD on Jetty, a Maven project of its own that is built when it is first asked for. */
final class CometdPeer {
  private static final Path SOURCES = Path.of("src/test/bench/peers/cometd");
  private static final Path BUILT = Path.of("target/bench/peers/cometd");
  private static final List<String> FILES = List.of("pom.xml", "src/main/java/Bayeux.java");

  private CometdPeer() {}

  /** Starts it with the JDK that runs the suite and the heap that ours has. */
  static Peer start() throws IOException, InterruptedException {
    build();
    int port = Ports.free();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = BUILT.resolve("target/classes") + ":" + BUILT.resolve("target/dependency/*");
    List<String> command = List.of(java, "-Xmx1g", "-cp", classes, "Bayeux", "" + port);
    Map<Carrier, List<String>> dialects =
        Map.of(
            Carrier.WEBSOCKET, Dialects.BAYEUX,
            Carrier.POLL, Dialects.BAYEUX_POLL);
    Map<Integer, Process> process = Map.of(port, Launch.start(port, command));
    return new Peer("cometd", process, OptionalLong.empty(), dialects, true);
  }

  private static void build() throws IOException, InterruptedException {
    boolean changed = !Files.exists(BUILT.resolve("target/classes/Bayeux.class"));
    for (String file : FILES) {
      Path copy = BUILT.resolve(file);
      String text = Files.readString(SOURCES.resolve(file));
      if (!Files.exists(copy) || !Files.readString(copy).equals(text)) {
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, text);
        changed = true;
      }
    }
    if (changed) {
      Files.deleteIfExists(BUILT.resolve("target/classes/Bayeux.class"));
      Launch.run(BUILT, "mvn", "--batch-mode", "--quiet");
    }
  }
}
