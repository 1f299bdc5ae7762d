package io.carillon.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.Metrics;
import io.carillon.kit.client.RawHttp;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The series of an instance are as many as it has resources, whatever strangers ask for. */
final class SeriesIT {
  private static final int TIMES = 5;

  private final LibertyServer server = Cluster.shared().server(0);

  @Test
  void noStrangerChoosesALabel() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String token = Calls.demoToken(http, server.uri("/"), "ann");
      everythingOnce(http, token);
      strange(token, 0);
      Set<String> before = series(http);
      for (int i = 1; i <= TIMES; i++) {
        strange(token, i);
      }
      Set<String> fresh = new TreeSet<>(series(http));
      fresh.removeAll(before);
      assertEquals(Set.of(), fresh);
      String all = String.join("\n", before);
      assertTrue(!all.contains("invented") && !all.contains("INVENTED"), all);
    }
  }

  @Test
  void connectionsAreCountedByTheirProtocol() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String token = Calls.demoToken(http, server.uri("/"), "ann");
      Calls calls = new Calls(http, server.uri("/"), token);
      String room = RoomNames.fresh();
      for (String protocol : List.of("carillon.v1", "sse", "poll", "pusher", "socketio")) {
        double before = opened(http, protocol);
        switch (protocol) {
          case "carillon.v1" -> SocketClient.connect(http, server.uri("/"), token).close();
          case "sse" -> firstLine(http, token, "/api/rooms/" + room + "/events");
          case "poll" ->
              calls.send("GET", "/api/rooms/" + room + "/events?after=0.0", "", "Prefer", "wait=1");
          case "pusher" ->
              http.newWebSocketBuilder()
                  .buildAsync(socket("/app/demo-key?protocol=7"), new WebSocket.Listener() {})
                  .join()
                  .abort();
          default -> calls.send("GET", "/socket.io/?EIO=4&transport=polling", "");
        }
        Instant begun = Instant.now();
        while (opened(http, protocol) <= before) {
          assertTrue(begun.plusSeconds(10).isAfter(Instant.now()), protocol);
          Thread.sleep(200);
        }
      }
      assertEquals(0, opened(http, "other"));
    }
  }

  private double opened(HttpClient http, String protocol) throws Exception {
    return Metrics.of(http, server.uri("/"))
        .sum("carillon_connections_opened_total", "protocol=\"" + protocol + "\"");
  }

  private URI socket(String path) {
    return URI.create(server.uri(path).toString().replaceFirst("http", "ws"));
  }

  /** Opens a stream, reads its first line and ends it. */
  private void firstLine(HttpClient http, String token, String path) throws Exception {
    HttpRequest ask =
        HttpRequest.newBuilder(server.uri(path))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream")
            .build();
    try (Stream<String> lines = http.send(ask, HttpResponse.BodyHandlers.ofLines()).body()) {
      assertTrue(lines.findFirst().isPresent());
    }
  }

  /** A resource's own series begin with its first request, and so do those of a status. */
  private void everythingOnce(HttpClient http, String token) {
    Calls calls = new Calls(http, server.uri("/"), token);
    String room = RoomNames.fresh();
    calls.publish(room, "n", "1");
    calls.send("GET", "/api/rooms/" + room + "/events", "");
    calls.send("GET", "/api/rooms/" + room, "");
    calls.send("GET", "/api/rooms", "");
    calls.send("GET", "/carillon.js", "");
    calls.send("GET", "/health", "");
    calls.send("GET", "/openapi", "");
    SocketClient.connect(http, server.uri("/"), token).close();
  }

  private void strange(String token, int i) throws Exception {
    for (String line :
        new String[] {
          "INVENTED" + i + " /api/rooms/a:b/events",
          "INVENTED" + i + " /",
          "PROPFIND /invented" + i,
          "GET /invented" + i,
          "GET /invented/" + i + ".js",
          "GET /api/invented" + i,
          "GET /api/rooms/invented:" + i + "/events?invented=" + i,
          "GET /api/rooms/a:b/invented" + i,
          "POST /api/rooms/invented:" + i + "/events",
          "PUT /api/rooms/invented:" + i + "/members/me",
          "GET /health/invented" + i,
          "GET /openapi/invented" + i,
          "GET /metrics/invented" + i,
          "GET /metrics?scope=invented" + i,
          "GET /ibm/api/invented" + i,
          "OPTIONS /invented" + i
        }) {
      try (RawHttp client = new RawHttp(server.uri("/"))) {
        client.send(
            line
                + " HTTP/1.1\r\nHost: invented"
                + i
                + ".example\r\nX-Forwarded-Host: invented"
                + i
                + "\r\nUser-Agent: invented"
                + i
                + "\r\nConnection: close\r\nAuthorization: Bearer "
                + token
                + "\r\n\r\n");
        assertTrue(client.head().startsWith("HTTP/1.1 "), line);
      }
    }
  }

  private Set<String> series(HttpClient http) throws Exception {
    return Metrics.of(http, server.uri("/"))
        .text()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
