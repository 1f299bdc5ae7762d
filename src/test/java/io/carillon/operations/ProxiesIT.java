package io.carillon.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.Trusting;
import jakarta.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files of {@code deploy/} for nginx and HAProxy, each before two real servers. */
final class ProxiesIT {
  private final String room = "proxies:" + UUID.randomUUID();

  @ParameterizedTest
  @EnumSource
  void everythingThatClientsDoGoesThrough(FrontProxy.Kind kind, @TempDir Path folder)
      throws Exception {
    try (FrontProxy proxy = new FrontProxy(kind, folder, Cluster.shared());
        HttpClient http = HttpClient.newBuilder().sslContext(Trusting.context()).build()) {
      inside(http, proxy);
      for (String prefix : List.of("/", "/live/")) {
        Calls calls = calls(http, proxy, prefix);
        stream(http, calls, prefix);
        poll(calls, prefix);
        socket(http, calls, prefix);
      }
      packed(http, calls(http, proxy, "/"));
      ownOrigin(http, proxy);
      longRequestLine(http, proxy);
    }
  }

  private static Calls calls(HttpClient http, FrontProxy proxy, String prefix) {
    String token = Calls.demoToken(http, proxy.sealed(), "ann");
    return new Calls(http, proxy.sealed().resolve(prefix), token);
  }

  /** TLS and HTTP/2 outside; what answers without a login stays inside. */
  private static void inside(HttpClient http, FrontProxy proxy) throws Exception {
    HttpResponse<String> plain = get(http, proxy.plain().resolve("/chat/"));
    assertEquals(301, plain.statusCode());
    assertTrue(plain.headers().firstValue("Location").orElse("").startsWith("https://localhost"));
    HttpResponse<String> page = get(http, proxy.sealed().resolve("/"));
    assertEquals(200, page.statusCode());
    assertEquals(HttpClient.Version.HTTP_2, page.version());
    for (String path :
        List.of("/metrics", "/health", "/health/ready", "/openapi/ui", "/ibm/api", "/%6detrics")) {
      assertEquals(404, get(http, proxy.sealed().resolve(path)).statusCode(), path);
      assertEquals(404, get(http, proxy.sealed().resolve("/live" + path)).statusCode(), path);
    }
  }

  /** An event that comes while its stream goes on was not held back. */
  private void stream(HttpClient http, Calls calls, String prefix) {
    try (StreamClient stream =
        StreamClient.open(
            http,
            calls.server(),
            calls.token(),
            prefix + "api/rooms/" + room + "/events",
            Map.of("Accept-Encoding", "gzip"))) {
      assertEquals(200, stream.status());
      stream.next("carillon:joined");
      for (int i = 1; i <= 3; i++) {
        publish(calls, prefix, i);
        assertTrue(stream.next("tick").data().contains("\"data\":" + i));
      }
    }
  }

  private void poll(Calls calls, String prefix) {
    String path = prefix + "api/rooms/" + room + "/events";
    String head = calls.page(path + "?last=1").getString("cursor");
    CompletableFuture<JsonObject> waiting =
        CompletableFuture.supplyAsync(
            () -> calls.page(path + "?after=" + head, "Prefer", "wait=25"));
    publish(calls, prefix, 4);
    assertEquals(1, waiting.join().getJsonArray("events").size());
  }

  private void socket(HttpClient http, Calls calls, String prefix) {
    URI server = URI.create(calls.server().toString().replaceFirst("/$", ""));
    try (SocketClient socket = SocketClient.connect(http, server, calls.token())) {
      socket.join(room, "");
      publish(calls, prefix, 5);
      assertEquals(5, socket.next("event").getInt("data"));
    }
  }

  private void packed(HttpClient http, Calls calls) throws Exception {
    HttpRequest ask =
        HttpRequest.newBuilder(calls.server().resolve("/api/rooms/" + room + "/events"))
            .header("Authorization", "Bearer " + calls.token())
            .header("Accept-Encoding", "gzip")
            .build();
    HttpResponse<InputStream> page = http.send(ask, HttpResponse.BodyHandlers.ofInputStream());
    assertEquals("gzip", page.headers().firstValue("Content-Encoding").orElse(""));
    try (GZIPInputStream in = new GZIPInputStream(page.body())) {
      assertTrue(new String(in.readAllBytes(), StandardCharsets.UTF_8).contains("\"seq\":1"));
    }
  }

  /** A page's own origin is known behind the proxy, and nobody else's: the cookie counts. */
  private void ownOrigin(HttpClient http, FrontProxy proxy) {
    String cookie = "carillon_token=" + Calls.demoToken(http, proxy.sealed(), "ann");
    Calls page = new Calls(http, proxy.sealed(), "");
    String path = "/api/rooms/" + room + "/events";
    String event = "{\"name\":\"tick\",\"data\":6}";
    String own = proxy.sealed().toString();
    assertEquals(201, page.send("POST", path, event, "Cookie", cookie, "Origin", own).statusCode());
    for (String other : List.of("https://evil.example", own.replace("https", "http"))) {
      assertEquals(
          403, page.send("POST", path, event, "Cookie", cookie, "Origin", other).statusCode());
    }
  }

  /** The server's own bound, which is told in words, is met before that of the proxy. */
  private static void longRequestLine(HttpClient http, FrontProxy proxy) throws Exception {
    String path = "/api/events?" + "x".repeat(15_900 - "/api/events?".length());
    assertEquals(401, get(http, proxy.sealed().resolve(path)).statusCode());
    HttpResponse<String> longer = get(http, proxy.sealed().resolve(path + "x".repeat(200)));
    assertEquals(414, longer.statusCode());
    assertTrue(longer.body().contains("POST /api/streams"), longer.body());
  }

  private void publish(Calls calls, String prefix, int data) {
    HttpResponse<String> answer =
        calls.send(
            "POST",
            prefix + "api/rooms/" + room + "/events",
            "{\"name\":\"tick\",\"data\":" + data + "}");
    assertEquals(201, answer.statusCode(), answer::body);
  }

  private static HttpResponse<String> get(HttpClient http, URI uri) throws Exception {
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
