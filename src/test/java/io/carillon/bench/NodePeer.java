package io.carillon.bench;

import io.carillon.bench.Scenario.Carrier;
import io.carillon.kit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Peers on Node, installed from npm into the target folder when one is first asked for. */
final class NodePeer {
  private static final Path SOURCES = Path.of("src/test/bench/peers");
  private static final Path INSTALLED = Path.of("target/bench/peers");

  private NodePeer() {}

  /** {@code ws} with the frame shared. */
  static Peer ws() throws IOException, InterruptedException {
    Map<Integer, Process> instances = launch("ws.js", 1, List.of());
    Map<Carrier, List<String>> dialects = Map.of(Carrier.WEBSOCKET, Dialects.BARE);
    return new Peer("ws", instances, OptionalLong.empty(), dialects, false);
  }

  /** Socket.IO, alone in memory. */
  static Peer socketIo() throws IOException, InterruptedException {
    Map<Integer, Process> instances = launch("socketio.js", 1, List.of());
    return socketIo("socket.io", instances, OptionalLong.empty());
  }

  /**
   * Socket.IO with its PostgreSQL adapter.
   *
   * @param product over whose database server
   * @param instances how many processes
   */
  static Peer socketIoPostgres(Product product, int instances)
      throws IOException, InterruptedException {
    Database database = product.database();
    Map<Integer, Process> all = launch("socketio.js", instances, List.of(database.url()));
    OptionalLong process = OptionalLong.of(database.pid());
    return socketIo("socket.io+postgres", all, process);
  }

  private static Peer socketIo(
      String name, Map<Integer, Process> instances, OptionalLong database) {
    Map<Carrier, List<String>> dialects =
        Map.of(
            Carrier.WEBSOCKET, Dialects.SOCKET_IO,
            Carrier.POLL, Dialects.SOCKET_IO_POLL);
    return new Peer(name, instances, database, dialects, false);
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
}
