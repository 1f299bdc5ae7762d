package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.PgBouncer;
import io.carillon.kit.Ports;
import io.carillon.kit.TestDatabase;
import io.carillon.kit.WarmStart;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.StreamClient;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole servers whose every connection to the database goes through a pooler. */
final class PooledServersIT {
  private static final Duration SAID = Duration.ofMinutes(5);
  private static final int EVENTS = 50;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String room = RoomNames.fresh();

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void inSessionModeTwoInstancesServeAsWithoutOne() throws Exception {
    DatabaseAccess database = TestDatabase.empty();
    try (PgBouncer pooler = PgBouncer.start(database, "session");
        Cluster cluster = Cluster.start(database.at("127.0.0.1", pooler.port()), 2, Map.of())) {
      LibertyServer one = cluster.server(0);
      LibertyServer two = cluster.server(1);
      String alice = Calls.demoToken(http, one.uri("/"), "alice");
      String bob = Calls.demoToken(http, two.uri("/"), "bob");
      try (SocketClient here = SocketClient.connect(http, one.uri("/"), alice);
          SocketClient there = SocketClient.connect(http, two.uri("/"), bob);
          StreamClient stream =
              StreamClient.open(http, two.uri("/"), bob, "/api/rooms/" + room + "/events")) {
        here.join(room, ",\"presence\":true");
        there.join(room, ",\"presence\":{\"state\":{}}");
        here.take(f -> f.getString("type").equals("presence") && f.toString().contains("\"bob\""));
        for (int i = 1; i <= EVENTS; i++) {
          String data = Integer.toString(i);
          assertEquals(i, here.publish(room, "n", data).getInt("seq"));
          assertEquals(i, there.next("event").getInt("seq"));
          assertEquals(i, stream.next("n").json().getInt("data"));
        }
        assertEquals(
            EVENTS + 1, new Calls(http, two.uri("/"), bob).publish(room, "n", "0").getInt("seq"));
        assertEquals(EVENTS + 1, there.next("event").getInt("seq"));
      }
    }
  }

  @Test
  void inTransactionModeAServerSaysWhyItDoesNotStart() throws Exception {
    DatabaseAccess database = TestDatabase.empty();
    int port = Ports.takeHttp();
    Path output = Path.of("target/it").resolve(Integer.toString(port));
    WarmStart.prepare(output);
    try (PgBouncer pooler = PgBouncer.start(database, "transaction")) {
      Map<String, String> environment =
          new HashMap<>(database.at("127.0.0.1", pooler.port()).environment());
      environment.put("CARILLON_DEMO", "true");
      environment.put("JVM_ARGS", WarmStart.options());
      Path runtime = Path.of(System.getProperty("carillon.runtime", "target/liberty/wlp"));
      try (LibertyServer server =
          new LibertyServer(runtime, output, "127.0.0.1", port, environment)) {
        server.start();
        Instant begun = Instant.now();
        String console = "";
        while (!console.contains("Carillon cannot start yet")) {
          assertTrue(Duration.between(begun, Instant.now()).compareTo(SAID) < 0, console);
          TimeUnit.MILLISECONDS.sleep(200); // another process writes it
          console = Files.readString(server.console());
        }
        assertTrue(console.contains("session mode"), console);
        server.awaitPort(SAID); // the container opens it when all features have started
        Calls nobody = new Calls(http, server.uri("/"), "");
        assertEquals(503, nobody.send("GET", "/health/started", "").statusCode());
        assertEquals(503, nobody.send("GET", "/health/ready", "").statusCode());
        assertEquals(200, nobody.send("GET", "/health/live", "").statusCode());
      }
    }
  }
}
