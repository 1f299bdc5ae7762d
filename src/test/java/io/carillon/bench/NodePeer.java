package io.carillon.bench;

import io.carillon.kit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A peer on Node, installed from npm into the target folder when it is first asked for. */
final class NodePeer implements Contender {
  private static final Path SOURCES = Path.of("src/test/bench/peers");
  private static final Path INSTALLED = Path.of("target/bench/peers");

  private final String name;
  private final int port;
  private final Process process;
  private final boolean socketIo;

  private NodePeer(String name, int port, Process process, boolean socketIo) {
    this.name = name;
    this.port = port;
    this.process = process;
    this.socketIo = socketIo;
  }

  /** {@code ws} with the frame shared. */
  static NodePeer ws() throws IOException, InterruptedException {
    int port = Ports.free();
    return new NodePeer("ws", port, launch("ws.js", port, List.of()), false);
  }

  /** Socket.IO, alone in memory. */
  static NodePeer socketIo() throws IOException, InterruptedException {
    int port = Ports.free();
    return new NodePeer("socket.io", port, launch("socketio.js", port, List.of()), true);
  }

  /** Socket.IO with its PostgreSQL adapter. */
  static NodePeer socketIoPostgres(String database) throws IOException, InterruptedException {
    int port = Ports.free();
    Process process = launch("socketio.js", port, List.of(database));
    return new NodePeer("socket.io+postgres", port, process, true);
  }

  private static Process launch(String script, int port, List<String> more)
      throws IOException, InterruptedException {
    install();
    List<String> command = new ArrayList<>();
    command.addAll(List.of("node", INSTALLED.resolve(script).toString(), "" + port));
    command.addAll(more);
    return Launch.start(port, command);
  }

  private static void install() throws IOException, InterruptedException {
    Files.createDirectories(INSTALLED);
    for (String file : List.of("package.json", "ws.js", "socketio.js")) {
      Files.writeString(INSTALLED.resolve(file), Files.readString(SOURCES.resolve(file)));
    }
    if (!Files.exists(INSTALLED.resolve("node_modules/ws/package.json"))) {
      ProcessBuilder npm =
          new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--silent");
      if (npm.directory(INSTALLED.toFile()).inheritIO().start().waitFor() != 0) {
        throw new IOException("npm could not install the peers");
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean takes(Scenario scenario) {
    return scenario.carrier() == Scenario.Carrier.WEBSOCKET;
  }

  @Override
  public List<String> dialect(Scenario scenario) {
    String target = "127.0.0.1:" + port;
    if (!socketIo) {
      return List.of("--mode", "ws", "--target", target, "--path", "/ws?room={r}");
    }
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--mode", "socketio", "--target", target));
    words.addAll(List.of("--send", "42[\"join\",\"{r}\"]", "--expect", "joined"));
    words.addAll(List.of("--pub-msg", "42[\"pub\",\"{r}\",\"{d}\"]"));
    return words;
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of(name, process.pid());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
