package io.carillon.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.Metrics;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Health, metrics, the instances' own room and the page, asked of two running servers. */
final class ObservabilityIT {
  private static final Pattern METRIC =
      Pattern.compile("^\\| `(carillon_[a-z_]+)`", Pattern.MULTILINE);
  private static final Pattern LOADED =
      Pattern.compile("(?:src|href)=\"([^\"#]+\\.(?:js|css|svg))\"");
  private static final int MOST_POLLS = 20;

  private final Cluster cluster = Cluster.shared();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void healthSaysNamesAndUpAndNothingElse() throws Exception {
    for (LibertyServer server : cluster.servers()) {
      Set<String> names = new TreeSet<>();
      JsonObject health = json(get(server.uri("/health")));
      assertEquals("UP", health.getString("status"));
      for (JsonValue value : health.getJsonArray("checks")) {
        JsonObject check = value.asJsonObject();
        names.add(check.getString("name"));
        assertEquals("UP", check.getString("status"));
        JsonObject data = check.getOrDefault("data", JsonValue.EMPTY_JSON_OBJECT).asJsonObject();
        assertEquals(
            check.getString("name").equals("listener") ? "{\"listening\":true}" : "{}",
            data.toString());
      }
      assertEquals(
          Set.of(
              "accepting",
              "database",
              "descriptors",
              "keys",
              "listener",
              "partitions",
              "process",
              "reachable",
              "started",
              "writer"),
          names);
    }
  }

  @Test
  void everyDocumentedMetricIsThereAndNoOther() throws Exception {
    Set<String> documented = new TreeSet<>();
    Matcher row = METRIC.matcher(Files.readString(Path.of("docs/observability.md")));
    while (row.find()) {
      documented.add(row.group(1));
    }
    Set<String> served = new TreeSet<>();
    for (String line : metrics(cluster.server(0)).text().split("\n", -1)) {
      if (line.startsWith("# TYPE carillon_")) {
        String name = line.split(" ", -1)[2];
        if (!name.endsWith("_max")) {
          served.add(name);
        }
      }
    }
    assertEquals(documented, served);
  }

  /** What Prometheus' own tool finds fault with. */
  @Test
  void histogramsHaveBucketsAndNoQuantiles() throws Exception {
    String text = metrics(cluster.server(0)).text();
    assertTrue(text.contains("carillon_publish_to_ack_seconds_bucket{"), text);
    for (String line : text.split("\n", -1)) {
      assertFalse(line.startsWith("carillon_") && line.contains("quantile="), line);
    }
  }

  @Test
  void publishesAreCounted() throws Exception {
    LibertyServer server = cluster.server(0);
    String token = token(server);
    double before = metrics(server).sum("carillon_events_published_total");
    String events =
        "{\"room\":\"observed:1\",\"name\":\"x\",\"data\":1},".repeat(100)
            + "{\"room\":\"observed:1\",\"name\":\"x\",\"data\":2}";
    assertEquals(200, post(server, token, "/api/events", "[" + events + "]").statusCode());
    // The samples themselves are counted too, but never a hundred of them in this time.
    awaitSamples(server, token, 3);
    assertTrue(metrics(server).sum("carillon_events_published_total") > before + 100);
  }

  @Test
  void everyInstanceReportsMeasuredFiguresThatAllInstancesHear() throws Exception {
    for (LibertyServer server : cluster.servers()) {
      Set<String> instances = new HashSet<>();
      Set<String> measured = new HashSet<>();
      String token = token(server);
      String cursor =
          json(get(server.uri("/api/rooms/carillon:instances/events?last=1"), token))
              .getString("cursor");
      for (int i = 0; i < MOST_POLLS && measured.size() < cluster.servers().size(); i++) {
        JsonObject page = poll(server, token, cursor);
        cursor = page.getString("cursor");
        for (JsonValue value : page.getJsonArray("events")) {
          JsonObject sample = value.asJsonObject().getJsonObject("data");
          instances.add(sample.getString("instance"));
          assertTrue(sample.getJsonNumber("roundTrip").doubleValue() > 0);
          assertTrue(sample.getJsonObject("heap").getJsonNumber("used").doubleValue() > 0);
          if (sample.getJsonObject("latency").getInt("count") >= cluster.servers().size()) {
            measured.add(sample.getString("instance"));
          }
        }
      }
      assertEquals(cluster.servers().size(), measured.size(), instances::toString);
    }
  }

  @Test
  void nobodyElseWritesToTheInstancesRoom() throws Exception {
    LibertyServer server = cluster.server(0);
    String body = "{\"name\":\"instance.sample\",\"data\":{}}";
    HttpResponse<String> answer =
        post(server, token(server), "/api/rooms/carillon:instances/events", body);
    assertEquals(403, answer.statusCode());
    assertEquals("forbidden", json(answer).getString("code"));
  }

  @Test
  void thePageAndAllThatItLoadsAreServedUnderAStrictPolicy() throws Exception {
    LibertyServer server = cluster.server(0);
    HttpResponse<String> page = get(server.uri("/"));
    assertEquals(200, page.statusCode());
    String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
    assertTrue(policy.contains("script-src 'self';"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertEquals("nosniff", page.headers().firstValue("X-Content-Type-Options").orElse(""));
    Matcher loaded = LOADED.matcher(page.body());
    int count = 0;
    while (loaded.find()) {
      count++;
      assertEquals(200, get(server.uri("/" + loaded.group(1))).statusCode(), loaded.group(1));
    }
    assertTrue(count >= 4, page::body);
  }

  /** What may be kept for ever has a version in its path: {@code HeaderFilterTest}. */
  @Test
  void filesAreAskedForAnewAndWhatIsMissingIsNotKept() throws Exception {
    LibertyServer server = cluster.server(0);
    assertEquals("no-store", caching(get(server.uri("/webjars/carillon/9.9.9/missing.js"))));
    assertEquals("no-cache", caching(get(server.uri("/carillon.js"))));
  }

  private static String caching(HttpResponse<?> answer) {
    return answer.headers().firstValue("Cache-Control").orElse("");
  }

  private void awaitSamples(LibertyServer server, String token, int count) throws Exception {
    String cursor =
        json(get(server.uri("/api/rooms/carillon:instances/events?last=1"), token))
            .getString("cursor");
    int seen = 0;
    for (int i = 0; i < MOST_POLLS && seen < count * cluster.servers().size(); i++) {
      JsonObject page = poll(server, token, cursor);
      cursor = page.getString("cursor");
      seen += page.getJsonArray("events").size();
    }
  }

  private JsonObject poll(LibertyServer server, String token, String cursor) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("/api/rooms/carillon:instances/events?after=" + cursor))
            .header("Authorization", "Bearer " + token)
            .header("Prefer", "wait=10")
            .timeout(Duration.ofSeconds(20))
            .build();
    return json(client.send(request, HttpResponse.BodyHandlers.ofString()));
  }

  private HttpResponse<String> post(LibertyServer server, String token, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private String token(LibertyServer server) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("/api/demo/token"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"observer\"}"))
            .build();
    return json(client.send(request, HttpResponse.BodyHandlers.ofString())).getString("token");
  }

  private Metrics metrics(LibertyServer server) throws Exception {
    return Metrics.of(client, server.uri("/"));
  }

  private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(URI uri, String token) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonObject json(HttpResponse<String> answer) {
    try (var reader = Json.createReader(new StringReader(answer.body()))) {
      return reader.readObject();
    }
  }
}
