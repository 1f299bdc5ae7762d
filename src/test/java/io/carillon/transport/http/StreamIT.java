package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.StreamEvent;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Event streams of two real servers. */
final class StreamIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static URI first;
  private static URI second;
  private static String token;
  private static Calls calls;

  private final String room = RoomNames.fresh();
  private final String path = "/api/rooms/" + room + "/events";

  @BeforeAll
  static void servers() {
    first = Cluster.shared().server(0).uri("/");
    second = Cluster.shared().server(1).uri("/");
    token = Calls.demoToken(HTTP, first, "alice");
    calls = new Calls(HTTP, first, token);
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  @Test
  void beginsWithRetryAndAPositionAndThenGivesEvents() {
    try (StreamClient stream = StreamClient.open(HTTP, second, token, path)) {
      assertEquals(200, stream.status());
      assertTrue(stream.header("Content-Type").startsWith("text/event-stream"));
      assertEquals("no-store", stream.header("Cache-Control"));
      assertEquals("no", stream.header("X-Accel-Buffering"));
      StreamEvent joined = stream.next("carillon:joined");
      assertEquals("0.0", joined.id());
      assertTrue(stream.retry() >= 1000 && stream.retry() <= 3000, "retry " + stream.retry());
      JsonObject ack = calls.publish(room, "order.shipped", "{\"b\":\n[1], \"é\":\"\\r\\n😀\"}");
      StreamEvent event = stream.next("order.shipped");
      assertEquals(ack.getString("epoch") + ".1", event.id());
      assertTrue(event.data().contains("\"data\":{\"b\": [1], \"é\":\"\\r\\n😀\"}"), event.data());
      JsonObject page = calls.page(path);
      assertEquals(page.getJsonArray("events").getJsonObject(0), event.json());
    }
  }

  @Test
  void goesOnOnAnotherServerAndTheHeaderWins() {
    JsonObject ack = calls.publish(room, "n", "1");
    String epoch = ack.getString("epoch");
    for (int i = 2; i <= 20; i++) {
      calls.publish(room, "n", "" + i);
    }
    String repeated = path + "?after=" + epoch + ".1";
    try (StreamClient stream =
        StreamClient.open(HTTP, second, token, repeated, Map.of("Last-Event-ID", epoch + ".15"))) {
      assertEquals(epoch + ".15", stream.next("carillon:joined").id());
      assertEquals(LongStream.rangeClosed(16, 20).boxed().toList(), seqs(stream, 5));
      assertEquals(epoch + ".20", stream.lastId());
    }
    try (StreamClient stream = StreamClient.open(HTTP, second, token, repeated)) {
      assertEquals(LongStream.rangeClosed(2, 20).boxed().toList(), seqs(stream, 19));
    }
    try (StreamClient stream = StreamClient.open(HTTP, second, token, path + "?last=3")) {
      assertEquals(LongStream.rangeClosed(18, 20).boxed().toList(), seqs(stream, 3));
    }
  }

  /** A polyfill that can set no header says it in the query; what it had asked for stays there. */
  @Test
  void thePositionOfAPolyfillIsTakenBeforeItsFirstOne() {
    String epoch = calls.publish(room, "n", "1").getString("epoch");
    for (int i = 2; i <= 5; i++) {
      calls.publish(room, "n", "" + i);
    }
    String seen = "lastEventId=" + epoch;
    for (String query : List.of(seen + ".2", "after=" + epoch + ".1&" + seen + ".2")) {
      try (StreamClient stream = StreamClient.open(HTTP, second, token, path + '?' + query)) {
        assertEquals(List.of(3L, 4L, 5L), seqs(stream, 3), query);
      }
      JsonObject page = calls.page(path + '?' + query, "Prefer", "wait=9");
      assertEquals(3, page.getJsonArray("events").getJsonObject(0).getInt("seq"), query);
      assertEquals(3, calls.page(path + '?' + query).getJsonArray("events").size(), query);
    }
    Map<String, String> header = Map.of("Last-Event-ID", epoch + ".4");
    try (StreamClient stream =
        StreamClient.open(HTTP, second, token, path + '?' + seen + ".2", header)) {
      assertEquals(List.of(5L), seqs(stream, 1));
    }
    String nothingSeen = path + "?lastEventId=&after=" + epoch + ".3";
    try (StreamClient stream = StreamClient.open(HTTP, second, token, nothingSeen)) {
      assertEquals(List.of(4L, 5L), seqs(stream, 2));
    }
    assertProblem(400, "bad_cursor", path + "?lastEventId=nonsense", Map.of());
  }

  @Test
  void aStreamThatIsPreferredIsGiven() {
    for (String address : List.of(path, "/api/events?room=" + room)) {
      for (String accept :
          List.of(
              "text/event-stream, */*",
              "text/event-stream, */*;q=0.1",
              "text/event-stream, application/json;q=0.5",
              "text/event-stream;charset=utf-8",
              "application/json;q=0.5, text/event-stream")) {
        try (StreamClient stream =
            StreamClient.open(HTTP, first, token, address, Map.of("Accept", accept))) {
          assertTrue(stream.header("Content-Type").startsWith("text/event-stream"), accept);
          stream.next("carillon:joined");
        }
      }
      for (String accept :
          List.of("*/*", "application/json, text/event-stream;q=0.5", "application/json")) {
        HttpResponse<String> page = calls.send("GET", address, "", "Accept", accept);
        assertEquals(200, page.statusCode(), accept);
        assertTrue(
            page.headers().firstValue("Content-Type").orElse("").startsWith("application/json"));
      }
      assertEquals(406, calls.send("GET", address, "", "Accept", "text/html").statusCode());
    }
  }

  @Test
  void aCursorThatCannotBeServedIsSaidFirst() {
    String epoch = calls.publish(room, "n", "1").getString("epoch");
    try (StreamClient stream =
        StreamClient.open(HTTP, first, token, path + "?after=" + epoch + ".9")) {
      assertEquals(epoch + ".1", stream.next("carillon:joined").id());
      StreamEvent resync = stream.next("carillon:resync");
      assertEquals(epoch + ".1", resync.id());
      assertEquals("ahead", resync.json().getString("reason"));
      calls.publish(room, "n", "2");
      assertEquals(List.of(2L), seqs(stream, 1));
    }
  }

  @Test
  void severalRoomsHaveOnePosition() {
    String other = RoomNames.fresh();
    String both = "/api/events?room=" + room + "&room=" + other;
    String epochs;
    try (StreamClient stream = StreamClient.open(HTTP, first, token, both)) {
      StreamEvent joined = stream.next("carillon:joined");
      assertEquals("0.0,0.0", joined.id());
      assertEquals(2, joined.json().getJsonObject("rooms").size());
      String a = calls.publish(room, "a", "1").getString("epoch");
      assertEquals(a + ".1,0.0", stream.next("a").id());
      String b = calls.publish(other, "b", "1").getString("epoch");
      assertEquals(a + ".1," + b + ".1", stream.next("b").id());
      epochs = stream.lastId();
    }
    calls.publish(other, "b", "2");
    calls.publish(room, "a", "2");
    try (StreamClient stream =
        StreamClient.open(HTTP, second, token, both, Map.of("Last-Event-ID", epochs))) {
      StreamEvent one = stream.take(e -> !e.name().startsWith("carillon:"));
      StreamEvent two = stream.take(e -> !e.name().startsWith("carillon:"));
      assertEquals(2, one.json().getInt("seq"));
      assertEquals(2, two.json().getInt("seq"));
      assertEquals(epochs.replace(".1", ".2"), two.id());
    }
  }

  @Test
  void manyEventsComeInOrder() {
    StringBuilder batch = new StringBuilder("[");
    for (int i = 0; i < 1000; i++) {
      batch.append(i == 0 ? "" : ",").append("{\"room\":\"").append(room);
      batch.append("\",\"name\":\"n\",\"data\":\"").append("x".repeat(200)).append("\"}");
    }
    String body = batch.append(']').toString();
    try (StreamClient stream = StreamClient.open(HTTP, second, token, path)) {
      stream.next("carillon:joined");
      assertEquals(200, calls.send("POST", "/api/events", body).statusCode());
      assertEquals(200, calls.send("POST", "/api/events", body).statusCode());
      assertEquals(LongStream.rangeClosed(1, 2000).boxed().toList(), seqs(stream, 2000));
    }
  }

  @Test
  void signalsComeOnlyIfAskedFor() {
    try (StreamClient with = StreamClient.open(HTTP, second, token, path + "?signals=true");
        StreamClient without = StreamClient.open(HTTP, second, token, path)) {
      with.next("carillon:joined");
      without.next("carillon:joined");
      HttpResponse<String> sent =
          calls.send(
              "POST", "/api/rooms/" + room + "/signals", "{\"name\":\"typing\",\"data\":{}}");
      assertEquals(202, sent.statusCode(), sent.body());
      assertEquals("typing", with.next("carillon:signal").json().getString("name"));
      calls.publish(room, "after", "1");
      without.next("after");
      assertEquals(2, without.events().size());
    }
  }

  @Test
  void presenceComesIfAskedFor() {
    try (StreamClient stream = StreamClient.open(HTTP, second, token, path + "?presence=true")) {
      JsonObject joined = stream.next("carillon:joined").json().getJsonObject("rooms");
      assertEquals(0, joined.getJsonObject(room).getInt("members"));
      assertEquals(0, stream.next("carillon:members").json().getInt("count"));
      HttpResponse<String> put =
          calls.send("PUT", "/api/rooms/" + room + "/members/me", "{\"state\":{\"mood\":\"ok\"}}");
      assertEquals(204, put.statusCode(), put.body());
      JsonObject diff = stream.next("carillon:presence").json();
      assertEquals("alice", diff.getJsonArray("joined").getJsonObject(0).getString("user"));
    }
  }

  @Test
  void faultsAreProblemsAndNotStreams() {
    assertProblem(400, "bad_cursor", path + "?after=nonsense", Map.of());
    assertProblem(400, "bad_cursor", path, Map.of("Last-Event-ID", "0.0,0.0"));
    assertProblem(400, "bad_cursor", "/api/events?room=a&room=b&after=0.0", Map.of());
    assertProblem(400, "bad_room", "/api/events", Map.of());
    assertProblem(400, "bad_room", "/api/events?room=a&room=a", Map.of());
    assertProblem(400, "bad_room", "/api/events?room=a%2Fb", Map.of());
    assertProblem(400, "bad_room", "/api/rooms/a;b/events", Map.of());
    assertProblem(400, "bad_frame", path + "?signals=perhaps", Map.of());
    assertProblem(400, "bad_frame", path + "?last=1001", Map.of());
    assertProblem(429, "limit", "/api/events?" + "room=a&".repeat(101), Map.of());
    try (StreamClient none = StreamClient.open(HTTP, first, "", path)) {
      assertEquals(401, none.status());
    }
  }

  @Test
  void aClientThatTakesAnythingGetsThePage() {
    HttpResponse<String> answer = calls.send("GET", path, "", "Accept", "*/*");
    assertEquals(200, answer.statusCode());
    assertTrue(
        answer.headers().firstValue("Content-Type").orElse("").startsWith("application/json"));
    assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElse(""));
    assertEquals(
        Texts.object("{\"events\":[],\"cursor\":\"0.0\",\"head\":\"0.0\"}"),
        Texts.object(answer.body()));
    assertEquals(200, calls.send("HEAD", path, "", "Accept", "text/event-stream").statusCode());
  }

  private static void assertProblem(
      int status, String code, String path, Map<String, String> headers) {
    try (StreamClient refused = StreamClient.open(HTTP, first, token, path, headers)) {
      assertEquals(status, refused.status(), path);
      assertTrue(refused.header("Content-Type").startsWith("application/problem+json"), path);
      assertEquals(code, Texts.object(refused.body()).getString("code"), path);
    }
  }

  private static List<Long> seqs(StreamClient stream, int count) {
    List<Long> seqs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StreamEvent event = stream.take(e -> !e.name().startsWith("carillon:"));
      seqs.add(event.json().getJsonNumber("seq").longValue());
    }
    return seqs;
  }
}
