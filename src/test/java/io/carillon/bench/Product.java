package io.carillon.bench;

import io.carillon.kit.AtEnd;
import io.carillon.kit.Folders;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.Ports;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.Metrics;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;

/**
 * Carillon: instances with the flags of production over one {@link Database}, nothing else in it.
 */
final class Product implements Contender {
  private static final Duration READY = Duration.ofMinutes(10);
  private static final String EVENTS = "/api/rooms/bench:{r}/events";

  private final String name;
  private final Database database;
  private final List<LibertyServer> servers = new ArrayList<>();
  private String token = "";

  private Product(String name, Database database) {
    this.name = name;
    this.database = database;
  }

  /** The runtime with the application that the build has made. */
  static Path runtime() {
    return Path.of(System.getProperty("carillon.runtime", "target/liberty/wlp"));
  }

  /** Starts one instance and waits until it is ready. */
  static Product start(String name, Path runtime, String flags)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    return start(name, runtime, flags, 1);
  }

  /**
   * Starts instances and waits until all are ready; they end with this JVM at the latest.
   *
   * @param name as it stands in the table
   * @param runtime the unpacked Liberty with the application, of this version or another one
   * @param flags further flags of the JVM
   */
  static Product start(String name, Path runtime, String flags, int instances)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    return start(name, runtime, flags, instances, Map.of());
  }

  /** The same with settings of the server, as variables of its environment. */
  static Product start(
      String name, Path runtime, String flags, int instances, Map<String, String> settings)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    Path folder = Path.of("target/bench", name);
    Folders.delete(folder);
    Product product = new Product(name, Database.start(folder.resolve("postgresql")));
    AtEnd.close(product);
    try {
      for (int i = 1; i <= instances; i++) {
        product.launch(runtime, folder.resolve("instance-" + i), flags, settings);
      }
      for (LibertyServer server : product.servers) {
        server.awaitReady(READY);
      }
      try (HttpClient http = HttpClient.newHttpClient()) {
        product.token = Calls.demoToken(http, product.servers.getFirst().uri("/"), "bench");
      }
      return product;
    } catch (IOException | TimeoutException | RuntimeException e) {
      product.close();
      throw e;
    }
  }

  private void launch(Path runtime, Path output, String flags, Map<String, String> settings)
      throws IOException {
    Map<String, String> environment = new HashMap<>(database.access().environment());
    environment.putAll(settings);
    environment.put("CARILLON_DEMO", "true");
    environment.put("JVM_ARGS", flags);
    int port = Ports.takeHttp();
    LibertyServer server = new LibertyServer(runtime, output, "127.0.0.1", port, environment);
    servers.add(server);
    server.start();
  }

  /** Under all instances. */
  Database database() {
    return database;
  }

  /** One of the instances, from 0. */
  LibertyServer instance(int index) {
    return servers.get(index);
  }

  /** A token that every instance takes. */
  String token() {
    return token;
  }

  /** Waits until an instance that was started again answers. */
  void awaitReady(int index) throws IOException, InterruptedException, TimeoutException {
    servers.get(index).awaitReady(READY);
  }

  /** How many connections the first instance says are open. */
  long connections() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return (long) Metrics.of(http, servers.getFirst().uri("/")).sum("carillon_connections");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean takes(Scenario scenario) {
    return true;
  }

  @Override
  public boolean heats() {
    return true;
  }

  @Override
  public List<String> targets() {
    return servers.stream().map(server -> "127.0.0.1:" + server.port()).toList();
  }

  @Override
  public List<String> dialect(Scenario scenario) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--header", "Authorization: Bearer " + token));
    String publish = "{\"type\":\"publish\",\"ref\":2,\"room\":\"bench:{r}\",\"name\":\"m\",";
    words.addAll(List.of("--pub-path", "/ws", "--proto", "carillon.v1"));
    words.addAll(List.of("--pub-msg", publish + "\"data\":\"{d}\"}"));
    words.addAll(List.of("--auto", "\"type\":\"ping\"=>{\"type\":\"pong\"}"));
    switch (scenario.carrier()) {
      case WEBSOCKET -> {
        words.addAll(List.of("--mode", "ws", "--path", "/ws"));
        // A script: first this is sent, then that is waited for.
        words.addAll(List.of("--send", "{\"type\":\"join\",\"ref\":1,\"room\":\"bench:{r}\"}"));
        words.addAll(List.of("--expect", "\"ref\":1"));
      }
      case STREAM -> words.addAll(List.of("--mode", "sse", "--path", EVENTS));
      case POLL -> {
        // First where the room stands, then what comes after that, and so on.
        words.addAll(List.of("--mode", "poll", "--header", "Prefer: wait=25"));
        words.addAll(List.of("--capture", "\"cursor\":\"", "--recapture"));
        words.addAll(List.of("--send", "GET " + EVENTS + "?last=1", "--expect", "\"cursor\""));
        words.addAll(List.of("--loop", "GET " + EVENTS + "?after={c}"));
      }
    }
    return words;
  }

  /** The processes of the instances. */
  List<Long> instances() {
    return servers.stream().map(LibertyServer::pid).toList();
  }

  @Override
  public Map<String, Long> processes() {
    return Contender.named(name, instances(), OptionalLong.of(database.pid()));
  }

  @Override
  public void close() {
    servers.forEach(LibertyServer::close);
    database.close();
  }
}
