package io.carillon.bench;

import io.carillon.kit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A peer on Node, installed from npm into the target folder when it is first asked for. */
final class NodePeer implements Contender {
  private static final Path SOURCES = Path.of("src/test/bench/peers");
  private static final Path INSTALLED = Path.of("target/bench/peers");

  private final String name;
  private final Map<Integer, Process> processes;
  private final Map<String, Long> database;
  private final List<String> dialect;

  /**
   * A running one.
   *
   * @param processes by their ports, in their order
   * @param database its process, or none
   */
  private NodePeer(
      String name,
      Map<Integer, Process> processes,
      Map<String, Long> database,
      List<String> dialect) {
    this.name = name;
    this.processes = processes;
    this.database = database;
    this.dialect = dialect;
  }

  /** {@code ws} with the frame shared. */
  static NodePeer ws() throws IOException, InterruptedException {
    return new NodePeer("ws", launch("ws.js", 1, List.of()), Map.of(), Dialects.BARE);
  }

  /** Socket.IO, alone in memory. */
  static NodePeer socketIo() throws IOException, InterruptedException {
    Map<Integer, Process> processes = launch("socketio.js", 1, List.of());
    return new NodePeer("socket.io", processes, Map.of(), Dialects.SOCKET_IO);
  }

  /**
   * Socket.IO with its PostgreSQL adapter.
   *
   * @param product over whose database server
   * @param instances how many processes
   */
  static NodePeer socketIoPostgres(Product product, int instances)
      throws IOException, InterruptedException {
    Map<Integer, Process> processes =
        launch("socketio.js", instances, List.of(product.database().url()));
    Map<String, Long> database = Map.of(DATABASE, product.database().pid());
    return new NodePeer("socket.io+postgres", processes, database, Dialects.SOCKET_IO);
  }

  private static Map<Integer, Process> launch(String script, int instances, List<String> more)
      throws IOException, InterruptedException {
    install();
    Map<Integer, Process> processes = new LinkedHashMap<>();
    for (int i = 0; i < instances; i++) {
      int port = Ports.free();
      List<String> command = new ArrayList<>();
      command.addAll(List.of("node", INSTALLED.resolve(script).toString(), "" + port));
      command.addAll(more);
      try {
        processes.put(port, Launch.start(port, command));
      } catch (IOException e) {
        processes.values().forEach(Process::destroy);
        throw e;
      }
    }
    return processes;
  }

  private static void install() throws IOException, InterruptedException {
    Files.createDirectories(INSTALLED);
    for (String file : List.of("package.json", "ws.js", "socketio.js")) {
      Files.writeString(INSTALLED.resolve(file), Files.readString(SOURCES.resolve(file)));
    }
    if (!Files.exists(INSTALLED.resolve("node_modules/ws/package.json"))) {
      Launch.run(INSTALLED, "npm", "install", "--no-audit", "--no-fund", "--silent");
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
  public List<String> targets() {
    return processes.keySet().stream().map(port -> "127.0.0.1:" + port).toList();
  }

  @Override
  public List<String> dialect(Scenario scenario) {
    return dialect;
  }

  @Override
  public Map<String, Long> processes() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (Process process : processes.values()) {
      all.put(all.isEmpty() ? name : name + "-" + (all.size() + 1), process.pid());
    }
    all.putAll(database);
    return all;
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroy);
  }
}
