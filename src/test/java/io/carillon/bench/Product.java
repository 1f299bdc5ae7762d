package io.carillon.bench;

import io.carillon.kit.Bootstrap;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.Folders;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.Ports;
import io.carillon.kit.PostgresServer;
import io.carillon.kit.client.Calls;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Carillon: one instance with the flags of production over a PostgreSQL that really writes (fsync,
 * synchronous commit), and nothing else in it.
 */
final class Product implements Contender {
  private static final Duration READY = Duration.ofMinutes(10);
  private static final String DATABASE = "carillon";
  private static final String PASSWORD = "bench";

  private final String name;
  private final PostgresServer postgres;
  private final LibertyServer server;
  private final String token;

  private Product(String name, PostgresServer postgres, LibertyServer server, String token) {
    this.name = name;
    this.postgres = postgres;
    this.server = server;
    this.token = token;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param name as it stands in the table
   * @param runtime the unpacked Liberty with the application, of this version or another one
   * @param flags further flags of the JVM
   */
  static Product start(String name, Path runtime, String flags)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    Path folder = Path.of("target/bench", name);
    Folders.delete(folder);
    PostgresServer postgres = PostgresServer.init(folder.resolve("postgresql"));
    LibertyServer server = null;
    try {
      postgres.with("max_wal_size", "4GB").with("shared_buffers", "256MB").start();
      Bootstrap.roles(postgres.superuser("postgres"), PASSWORD, PASSWORD);
      Bootstrap.database(postgres.superuser("postgres"), DATABASE, "template0");
      int port = Ports.freeHttp();
      server = new LibertyServer(runtime, folder, "127.0.0.1", port, environment(postgres, flags));
      server.start();
      Ports.reserve(port);
      server.awaitReady(READY);
      try (HttpClient http = HttpClient.newHttpClient()) {
        String token = Calls.demoToken(http, server.uri("/"), "bench");
        return new Product(name, postgres, server, token);
      }
    } catch (IOException | SQLException | TimeoutException | RuntimeException e) {
      if (server != null) {
        server.close();
      }
      postgres.close();
      throw e;
    }
  }

  private static Map<String, String> environment(PostgresServer postgres, String flags) {
    DatabaseAccess access =
        new DatabaseAccess(
            "127.0.0.1",
            postgres.port(),
            DATABASE,
            Bootstrap.APP,
            PASSWORD,
            Bootstrap.OWNER,
            PASSWORD);
    Map<String, String> environment = new HashMap<>(access.environment());
    environment.put("CARILLON_DEMO", "true");
    environment.put("JVM_ARGS", flags);
    return environment;
  }

  /** The URL of its PostgreSQL, for a peer that wants one too. */
  String database() {
    return "postgres://postgres@127.0.0.1:" + postgres.port() + "/postgres";
  }

  /** How many connections it says are open. */
  long connections() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return new Calls(http, server.uri("/"), "")
          .send("GET", "/metrics", "")
          .body()
          .lines()
          .filter(line -> line.startsWith("carillon_connections{"))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
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
  public List<String> dialect(Scenario scenario) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--target", "127.0.0.1:" + server.port()));
    words.addAll(List.of("--header", "Authorization: Bearer " + token));
    String publish = "{\"type\":\"publish\",\"ref\":2,\"room\":\"bench:{r}\",\"name\":\"m\",";
    words.addAll(List.of("--pub-path", "/ws", "--proto", "carillon.v1"));
    words.addAll(List.of("--pub-msg", publish + "\"data\":\"{d}\"}"));
    words.addAll(List.of("--auto", "\"type\":\"ping\"=>{\"type\":\"pong\"}"));
    switch (scenario.carrier()) {
      case WEBSOCKET -> {
        words.addAll(List.of("--mode", "ws", "--path", "/ws", "--expect", "\"ref\":1"));
        words.addAll(List.of("--send", "{\"type\":\"join\",\"ref\":1,\"room\":\"bench:{r}\"}"));
      }
      case STREAM ->
          words.addAll(List.of("--mode", "sse", "--path", "/api/rooms/bench:{r}/events"));
    }
    return words;
  }

  @Override
  public Map<String, Long> processes() {
    Map<String, Long> processes = new LinkedHashMap<>();
    processes.put(name(), server.pid());
    processes.put("postgresql", postgres.pid());
    return processes;
  }

  @Override
  public void close() {
    server.close();
    postgres.close();
  }
}
