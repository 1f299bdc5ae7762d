package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.StreamEvent;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rooms whose names no request line can hold, named in a body. */
final class StreamsIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static URI server;
  private static String token;
  private static Calls calls;

  /** As many rooms as are allowed, with the longest names. */
  private final List<String> rooms =
      IntStream.range(0, 100).mapToObj(i -> longest(RoomNames.fresh())).toList();

  @BeforeAll
  static void servers() {
    server = Cluster.shared().server(0).uri("/");
    token = Calls.demoToken(HTTP, server, "alice");
    calls = new Calls(HTTP, server, token);
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  @Test
  void aRequestLineThatIsTooLongSaysWhatToDoInstead() {
    String query = rooms.stream().map(room -> "room=" + room).collect(Collectors.joining("&"));
    HttpResponse<String> refused = calls.send("GET", "/api/events?" + query, "");
    assertEquals(414, refused.statusCode(), refused.body());
    JsonObject problem = Texts.object(refused.body());
    assertEquals("too_large", problem.getString("code"));
    assertTrue(problem.getString("detail").contains("POST /api/streams"), refused.body());
  }

  @Test
  void aStreamOfAHundredLongNamesBeginsAndResumes() {
    String seen;
    try (StreamClient stream = StreamClient.post(HTTP, server, token, body(""), Map.of())) {
      assertEquals(200, stream.status());
      assertEquals(100, stream.next("carillon:joined").json().getJsonObject("rooms").size());
      calls.publish(rooms.getLast(), "n", "1");
      assertEquals(1, stream.next("n").json().getInt("seq"));
      seen = stream.lastId();
    }
    calls.publish(rooms.getFirst(), "n", "2");
    String after = ",\"after\":\"" + seen + '"';
    try (StreamClient stream = StreamClient.post(HTTP, server, token, body(after), Map.of())) {
      assertEquals(rooms.getFirst(), stream.next("n").json().getString("room"));
    }
    String old = ",\"after\":\"" + "0.0,".repeat(99) + "0.0\"";
    Map<String, String> header = Map.of("Last-Event-ID", seen);
    try (StreamClient stream = StreamClient.post(HTTP, server, token, body(old), header)) {
      assertEquals(rooms.getFirst(), stream.next("n").json().getString("room"));
    }
  }

  @Test
  void presenceAndSignalsComeIfAskedFor() {
    String room = RoomNames.fresh();
    String asked = "{\"rooms\":[\"" + room + "\"],\"presence\":true,\"signals\":true}";
    try (StreamClient stream = StreamClient.post(HTTP, server, token, asked, Map.of())) {
      stream.next("carillon:members");
      calls.send("POST", "/api/rooms/" + room + "/signals", "{\"name\":\"typing\",\"data\":{}}");
      StreamEvent signal = stream.next("carillon:signal");
      assertEquals("typing", signal.json().getString("name"));
    }
  }

  @Test
  void aLongPollIsTheSameWithABody() {
    String begin = poll(body("")).getString("cursor");
    calls.publish(rooms.get(7), "n", "1");
    JsonObject page = poll(body(",\"after\":\"" + begin + '"'), "Prefer", "wait=9");
    assertEquals(rooms.get(7), page.getJsonArray("events").getJsonObject(0).getString("room"));
    assertEquals(100, page.getString("cursor").split(",", -1).length);
  }

  @Test
  void theQueryOfABodyIsReadAsItWasSent() {
    String room = RoomNames.fresh();
    String epoch = calls.publish(room, "n", "1").getString("epoch");
    calls.publish(room, "n", "2");
    String body =
        "{\"rooms\":[\"" + room + "\",\"" + RoomNames.fresh() + "\"],\"after\":\"0.0,0.0\"}";
    HttpResponse<String> answer =
        calls.send("POST", "/api/streams?lastEventId=" + epoch + ".1%2C0.0&x=%2F%25", body);
    assertEquals(200, answer.statusCode(), answer.body());
    JsonArray events = Texts.object(answer.body()).getJsonArray("events");
    assertEquals(1, events.size());
    assertEquals(2, events.getJsonObject(0).getInt("seq"));
  }

  @Test
  void faultsAreProblems() {
    assertProblem(400, "bad_room", "{\"rooms\":[]}");
    assertProblem(400, "bad_room", "{\"rooms\":[\"a/b\"]}");
    assertProblem(400, "bad_room", "{\"rooms\":[\"a\",\"a\"]}");
    assertProblem(400, "bad_cursor", "{\"rooms\":[\"a\",\"b\"],\"after\":\"0.0\"}");
    assertProblem(400, "bad_frame", "{\"rooms\":[\"a\"],\"presence\":1}");
    assertProblem(400, "bad_frame", "not json");
    String many =
        IntStream.range(0, 101).mapToObj(i -> "\"r" + i + '"').collect(Collectors.joining(","));
    assertProblem(429, "limit", "{\"rooms\":[" + many + "]}");
    assertProblem(413, "too_large", "{\"rooms\":[\"a\"]" + " ".repeat(64 * 1024) + '}');
    assertEquals(
        415, calls.send("POST", "/api/streams", "{}", "Content-Type", "text/plain").statusCode());
  }

  private static void assertProblem(int status, String code, String body) {
    for (String accept : List.of("text/event-stream", "application/json")) {
      HttpResponse<String> answer = calls.send("POST", "/api/streams", body, "Accept", accept);
      assertEquals(status, answer.statusCode(), body);
      assertEquals(code, Texts.object(answer.body()).getString("code"), body);
    }
  }

  private static JsonObject poll(String body, String... headers) {
    HttpResponse<String> answer = calls.send("POST", "/api/streams", body, headers);
    assertEquals(200, answer.statusCode(), answer.body());
    return Texts.object(answer.body());
  }

  private String body(String more) {
    return "{\"rooms\":[\"" + String.join("\",\"", rooms) + "\"]" + more + '}';
  }

  private static String longest(String room) {
    return room + "x".repeat(200 - room.length());
  }
}
