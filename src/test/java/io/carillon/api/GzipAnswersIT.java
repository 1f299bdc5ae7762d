package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which answers are compressed, and for whom. */
@Timeout(60)
final class GzipAnswersIT {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server = Cluster.shared().server(0).uri("/");
  private final Calls calls = new Calls(http, server, Calls.demoToken(http, server, "alice"));
  private final String events = "/api/rooms/" + RoomNames.fresh() + "/events";

  @BeforeEach
  void twentyEvents() {
    String room = events.replace("/api/rooms/", "").replace("/events", "");
    for (int i = 0; i < 20; i++) {
      calls.publish(room, "note", "{\"text\":\"the same words again and again, as people write\"}");
    }
  }

  @AfterEach
  void close() {
    http.close();
  }

  private <T> HttpResponse<T> get(
      String path, HttpResponse.BodyHandler<T> body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .header("Authorization", "Bearer " + calls.token());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return http.send(request.build(), body);
    } catch (IOException e) {
      throw new AssertionError(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private HttpResponse<byte[]> bytes(String path, String accepted) {
    return get(path, HttpResponse.BodyHandlers.ofByteArray(), "Accept-Encoding", accepted);
  }

  private static Optional<String> coding(HttpResponse<?> answer) {
    return answer.headers().firstValue("Content-Encoding");
  }

  @Test
  void aLongAnswerIsPackedForWhoTakesIt() throws IOException {
    String path = events + "?last=20";
    HttpResponse<byte[]> plain = bytes(path, "identity");
    assertEquals(Optional.empty(), coding(plain));
    assertTrue(plain.body().length > 1000, () -> plain.body().length + " bytes");
    HttpResponse<byte[]> packed = bytes(path, "br, gzip;q=0.8");
    assertEquals(Optional.of("gzip"), coding(packed));
    assertTrue(packed.body().length * 3 < plain.body().length, () -> packed.body().length + "");
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
      assertEquals(text(plain), new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    for (HttpResponse<byte[]> each : List.of(plain, packed)) {
      String vary = String.join(",", each.headers().allValues("Vary"));
      assertTrue(vary.contains("Accept-Encoding") && vary.contains("Origin"), vary);
    }
    assertEquals(Optional.empty(), coding(bytes(path, "gzip;q=0")));
  }

  @Test
  void aShortAnswerIsNot() {
    HttpResponse<byte[]> answer = bytes(events + "?last=1", "gzip");
    assertEquals(200, answer.statusCode());
    assertEquals(Optional.empty(), coding(answer));
    assertTrue(text(answer).startsWith("{"));
  }

  @Test
  void aStreamNeverIs() throws IOException {
    HttpResponse<java.io.InputStream> answer =
        get(
            events + "?after=0.0",
            HttpResponse.BodyHandlers.ofInputStream(),
            "Accept",
            "text/event-stream",
            "Accept-Encoding",
            "gzip");
    assertEquals(Optional.empty(), coding(answer));
    try (var body = answer.body()) {
      String first = new String(body.readNBytes(40), StandardCharsets.UTF_8);
      assertTrue(
          first.startsWith("retry:") || first.startsWith(":") || first.startsWith("event:"), first);
    }
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
