package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.Ports;
import io.carillon.kit.client.RawHttp;
import io.carillon.kit.client.Trusting;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A real server that answers to its own names, over https, believes no proxy that is here, and has
 * health and metrics on a port of their own.
 */
@Timeout(60)
class EdgeIT {
  private static final int MANAGEMENT = Ports.takeHttp();

  private static Cluster cluster;

  private final LibertyServer server = cluster.server(0);

  @BeforeAll
  static void start() throws Exception {
    cluster =
        Cluster.configured(
            "edge",
            1,
            Map.of(
                "CARILLON_TRUSTED_PROXIES",
                "10.0.0.0/8",
                "CARILLON_ALLOWED_HOSTS",
                "127.0.0.1,localhost",
                "CARILLON_HTTPS_ONLY",
                "true",
                "CARILLON_MANAGEMENT_PORT",
                Integer.toString(MANAGEMENT)),
            Path.of("deploy/own-port.xml"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private String plain(String line, String host, String more) throws Exception {
    try (RawHttp http = new RawHttp(server.uri("/"))) {
      http.send(line + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "Connection: close\r\n\r\n");
      return http.head().toLowerCase(Locale.ROOT);
    }
  }

  @Test
  void aPlainPageIsRedirectedWhateverAStrangerSaysOfItsScheme() throws Exception {
    String host = "127.0.0.1:" + server.port();
    for (String forged :
        new String[] {
          "", "X-Forwarded-Proto: https\r\n", "Forwarded: for=9.9.9.9;proto=https\r\n"
        }) {
      String head = plain("GET /chat/?room=a", host, forged);
      assertTrue(head.startsWith("http/1.1 308 "), head);
      String there = "https://127.0.0.1:" + server.httpsPort() + "/chat/?room=a";
      assertTrue(head.contains("\r\nlocation: " + there + "\r\n"), head);
      assertFalse(head.contains("strict-transport-security"), head);
      assertTrue(plain("GET /api/rooms", host, forged).startsWith("http/1.1 403 "), forged);
      String upgrade =
          forged
              + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
      assertTrue(plain("GET /ws", host, upgrade).startsWith("http/1.1 403 "), forged);
    }
  }

  @Test
  void anotherHostIsMisdirected() throws Exception {
    assertTrue(plain("GET /", "rebound.example", "").startsWith("http/1.1 421 "));
  }

  @Test
  void overTlsAllIsWell() throws Exception {
    try (HttpClient http = HttpClient.newBuilder().sslContext(Trusting.context()).build()) {
      URI page = URI.create("https://localhost:" + server.httpsPort() + "/chat/");
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode());
      assertTrue(answer.headers().firstValue("Strict-Transport-Security").isPresent());
    }
  }

  @Test
  void healthAndMetricsAreAtTheirOwnPortAndNothingElseIs() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String path : List.of("/health/ready", "/metrics", "/openapi/")) {
        assertEquals(200, status(http, server.management(path)), path);
      }
      for (String path : List.of("/", "/api/rooms", "/ws", "/console/")) {
        assertEquals(404, status(http, server.management(path)), path);
      }
    }
    for (String host : List.of("127.0.0.1:" + server.port(), "127.0.0.1", "localhost:443")) {
      assertTrue(plain("GET /chat/", host, "").startsWith("http/1.1 308 "), host);
    }
    try (HttpClient http = HttpClient.newBuilder().sslContext(Trusting.context()).build()) {
      for (String path : List.of("/health/ready", "/health", "/metrics", "/openapi/")) {
        URI here = URI.create("https://localhost:" + server.httpsPort() + path);
        assertEquals(404, status(http, here), path);
      }
    }
    String head = plain("GET /metrics", "127.0.0.1:" + MANAGEMENT, "");
    assertTrue(head.startsWith("http/1.1 404 "), "the port of the name is not the port: " + head);
  }

  private static int status(HttpClient http, URI uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
