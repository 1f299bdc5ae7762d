package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.client.Calls;
import io.carillon.kit.client.FrameSocket;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.StreamEvent;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client with rights may send that is not what it should be: the same answer on each
 * carrier, nobody else is disturbed, and nothing of it is in the server's files.
 */
@Timeout(120)
final class HarmfulInputIT {
  /** Where a position is read and served; what sockets do at their ends is not asked here. */
  private static final Pattern TRACE =
      Pattern.compile("\\bat io\\.carillon\\.(api|protocol|store|core\\.room|transport\\.http)\\.");

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server = ProductionServer.uri();
  private final String room = RoomNames.fresh();
  private final String path = "/api/rooms/" + room + "/events";
  private final String user = "u" + UUID.randomUUID();
  private final String token = ProductionServer.token(user);
  private final Calls calls = new Calls(http, server, token);

  @AfterEach
  void close() {
    http.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "Infinity",
        "01",
        "1e999999999",
        "-1e999999999",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "\"\\ud800\"",
        "\"\\udc00x\"",
        "\"\n\"",
        "{} {}",
        "[1,]",
        "'a'",
        "\ufeff1",
        "/**/1",
        "DEEP",
        "LONG",
        "KEYS"
      })
  void jsonThatIsNoneIsRefusedOnEachCarrier(String pattern) {
    String data =
        switch (pattern) {
          case "DEEP" -> "[".repeat(10_000) + "]".repeat(10_000);
          case "LONG" -> "1".repeat(60_000);
          case "KEYS" -> '{' + "\"a\":1,".repeat(9_000) + "\"a\":1}";
          default -> pattern;
        };
    String event = "{\"name\":\"n\",\"data\":" + data + '}';
    badJson(calls.send("POST", path, event));
    badJson(calls.send("POST", path.replace("/events", "/signals"), event));
    String inBatch = "{\"room\":\"" + room + "\",\"name\":\"n\",\"data\":" + data + '}';
    HttpResponse<String> batch = calls.send("POST", "/api/events", '[' + inBatch + ']');
    if (batch.statusCode() == 200) {
      JsonObject only = Texts.value(batch.body()).asJsonArray().getJsonObject(0);
      assertEquals(400, only.getInt("status"), only.toString());
    } else {
      badJson(batch);
    }
    try (SocketClient socket = SocketClient.connect(http, server, token)) {
      socket.send(
          "{\"type\":\"publish\",\"ref\":1,\"room\":\"" + room + "\"," + event.substring(1));
      String code = socket.next("error").getString("code");
      assertTrue(code.equals("bad_frame") || code.equals("bad_data"), code);
      assertEquals("pong", socket.ask("ping", "").getString("type"));
    }
    assertEquals(0, calls.page(path).getJsonArray("events").size());
  }

  private static void badJson(HttpResponse<String> answer) {
    assertEquals(400, answer.statusCode(), answer.body());
    String code = Texts.object(answer.body()).getString("code");
    assertTrue(code.equals("bad_frame") || code.equals("bad_data"), code);
  }

  /** Names of classes are data like any other, and come back as they were. */
  @Test
  void namesOfClassesAreData() {
    List<String> sent = new ArrayList<>();
    for (String key : List.of("@class", "@type", "_class", "class", "type")) {
      for (String type : List.of("io.carillon.core.Event", "java.util.ArrayList")) {
        sent.add("{\"" + key + "\":\"" + type + "\"}");
        sent.add("[\"" + type + "\",{\"" + key + "\":\"" + type + "\"}]");
      }
    }
    sent.forEach(data -> calls.publish(room, "n", data));
    String page = calls.send("GET", path + "?limit=1000", "").body();
    for (String data : sent) {
      assertTrue(page.contains("\"data\":" + data), data);
    }
  }

  /** What only the server says, a client cannot say in its place. */
  @Test
  void whoPublishesChoosesNothingThatTheServerKnows() {
    String more =
        ",\"seq\":77,\"epoch\":\"x\",\"by\":\"root\",\"user\":\"root\",\"at\":\"1970-01-01T00:00:00Z\","
            + "\"from\":\"x\",\"producer\":\"root\",\"created\":0";
    String event = "{\"name\":\"n\",\"data\":1" + more + '}';
    assertEquals(201, calls.send("POST", path, event).statusCode());
    String inBatch = "[{\"room\":\"" + room + "\"," + event.substring(1) + ']';
    assertEquals(200, calls.send("POST", "/api/events", inBatch).statusCode());
    try (SocketClient socket = SocketClient.connect(http, server, token)) {
      String to = "\"room\":\"" + room + "\",\"name\":\"n\",\"data\":1";
      socket.ok("publish", to + more);
      List<JsonObject> events =
          calls.page(path).getJsonArray("events").getValuesAs(JsonObject.class);
      assertEquals(3, events.size());
      for (int i = 0; i < events.size(); i++) {
        assertEquals(i + 1, events.get(i).getInt("seq"));
        assertEquals(user, events.get(i).getString("by"));
        assertFalse(events.get(i).getString("at").startsWith("1970"));
      }
      for (String reserved : List.of("carillon:instances", "carillon:server", "carillon:x")) {
        assertEquals(
            "forbidden",
            socket
                .ask("publish", "\"room\":\"" + reserved + "\",\"name\":\"n\",\"data\":1")
                .getString("code"));
        assertEquals(
            403, calls.send("POST", "/api/rooms/" + reserved + "/events", event).statusCode());
      }
    }
  }

  @Test
  void aMemberIsWhoItsTokenSays() {
    String members = "/api/rooms/" + room + "/members";
    String forged =
        "\"state\":{\"user\":\"root\"},\"user\":\"root\",\"client\":\"x\",\"roles\":[\"admin\"]";
    assertTrue(calls.send("PUT", members + "/me", '{' + forged + '}').statusCode() < 300);
    try (SocketClient socket = SocketClient.connect(http, server, token)) {
      socket.join(room, ",\"user\":\"root\",\"presence\":{" + forged + '}');
      JsonObject listed = Texts.object(calls.send("GET", members, "").body());
      assertEquals(
          List.of(user),
          listed.getJsonArray("members").getValuesAs(m -> m.asJsonObject().getString("user")));
      String large = "\"room\":\"" + room + "\",\"state\":{\"a\":\"" + "x".repeat(1_100) + "\"}";
      String code = socket.ask("track", large).getString("code");
      assertTrue(code.equals("too_large") || code.equals("bad_data"), code);
    }
    int status =
        calls
            .send("PUT", members + "/me", "{\"state\":{\"a\":\"" + "x".repeat(1_100) + "\"}}")
            .statusCode();
    assertTrue(status == 413 || status == 400, "" + status);
  }

  @Test
  void aPositionThatIsNoneIsRefusedOnEachCarrier() throws Exception {
    int before = Files.readString(ProductionServer.server().messages()).length();
    String cursor = position();
    String epoch = cursor.substring(0, cursor.indexOf('.'));
    for (String odd :
        List.of(
            "x",
            "-1",
            "1",
            epoch,
            epoch + '.',
            epoch + ".-1",
            epoch + ".1.1",
            epoch + ".9223372036854775808",
            epoch + ".1e3",
            epoch + "'.1",
            "'; --.1",
            "\u00e9.1",
            "a".repeat(3_000) + ".1")) {
      String query = path + "?after=" + URLEncoder.encode(odd, StandardCharsets.UTF_8);
      badCursor(calls.send("GET", query, ""), odd);
      badCursor(calls.send("GET", query, "", "Prefer", "wait=20"), odd);
      badCursor(calls.send("GET", query, "", "Accept", "text/event-stream"), odd);
      if (odd.chars().allMatch(c -> c < 128)) {
        badCursor(calls.send("GET", path, "", "Last-Event-ID", odd), odd);
      }
      badCursor(
          calls.send(
              "POST",
              "/api/streams",
              "{\"rooms\":[\"" + room + "\"],\"after\":\"" + odd + "\"}",
              "Accept",
              "text/event-stream"),
          odd);
      try (SocketClient socket = SocketClient.connect(http, server, token)) {
        for (String type : List.of("join", "history")) {
          JsonObject answer =
              socket.ask(type, "\"room\":\"" + room + "\",\"after\":\"" + odd + '"');
          assertEquals("bad_cursor", answer.getString("code"), odd);
        }
      }
    }
    String fresh = Files.readString(ProductionServer.server().messages()).substring(before);
    assertFalse(TRACE.matcher(fresh).find(), fresh);
  }

  private String position() {
    calls.publish(room, "n", "1");
    return calls.page(path).getString("cursor");
  }

  private static void badCursor(HttpResponse<String> answer, String odd) {
    assertEquals(400, answer.statusCode(), () -> odd + ": " + answer.body());
    assertEquals("bad_cursor", Texts.object(answer.body()).getString("code"), odd);
  }

  /** Ahead of the head, or of another room: said, and nothing is skipped silently. */
  @Test
  void aPositionThatCannotBeServedIsSaidOnEachCarrier() {
    String cursor = position();
    String other = RoomNames.fresh();
    String foreign = calls.publish(other, "n", "1").getString("epoch") + ".1";
    for (String odd : List.of(cursor.replaceAll("1$", "9223372036854775807"), foreign)) {
      JsonObject page = calls.page(path + "?after=" + odd);
      boolean servable = !page.containsKey("resync");
      assertTrue(!servable || odd.equals(foreign), odd);
      assertEquals(!servable, calls.poll(room, odd, 1).containsKey("resync"), odd);
      try (SocketClient socket = SocketClient.connect(http, server, token);
          StreamClient stream =
              StreamClient.open(http, server, token, path, Map.of("Last-Event-ID", odd))) {
        assertEquals(
            servable, socket.join(room, ",\"after\":\"" + odd + '"').getBoolean("recovered"));
        if (!servable) {
          socket.next("resync");
          stream.next("carillon:resync");
        }
      }
    }
  }

  @Test
  void lineEndsAndTheirLikeMakeNoSecondEvent() {
    List<String> odd =
        List.of(
            "\\r", "\\n", "\\r\\n\\r\\ndata: x", "\\u0000", "\u2028", "\u0085", "\\nid: 9\\n\\n");
    try (StreamClient stream = StreamClient.open(http, server, token, path)) {
      stream.next("carillon:joined");
      for (String each : odd) {
        String body = "{\"name\":\"n\",\"data\":{\"a\":\"" + each + "\"}}";
        assertEquals(201, calls.send("POST", path, body).statusCode(), each);
        StreamEvent event = stream.take(e -> !e.name().startsWith("carillon:"));
        assertEquals("n", event.name());
        JsonObject sent = Texts.object(body);
        assertEquals(sent.getJsonObject("data"), event.json().getJsonObject("data"));
        String named = "{\"name\":\"n" + each + "\",\"data\":1}";
        assertEquals(400, calls.send("POST", path, named).statusCode(), each);
        String keyed = "{\"name\":\"n\",\"data\":1,\"key\":\"k" + each + "\"}";
        assertEquals(400, calls.send("POST", path, keyed).statusCode(), each);
      }
      calls.publish(room, "last", "1");
      assertEquals("last", stream.take(e -> !e.name().startsWith("carillon:")).name());
    }
  }

  @Test
  void wordsOfSqlAreWords() {
    List<String> odd =
        List.of("'", "\\\"", "$$", "\\\\", "'; DROP TABLE carillon.event; --", "%", "_", "$1", "?");
    for (String each : odd) {
      String quoted = '"' + each + '"';
      String content = "\"data\":" + quoted + ",\"meta\":{\"m\":" + quoted + "},\"key\":" + quoted;
      String body = "{\"name\":\"n\"," + content + '}';
      assertEquals(201, calls.send("POST", path, body).statusCode(), each);
      assertEquals(200, calls.send("POST", path, body).statusCode(), each);
      String name = "{\"name\":\"" + each + "\",\"data\":1}";
      int status = calls.send("POST", path, name).statusCode();
      assertTrue(status == 400 || status == 201, each + ": " + status);
      String raw = Texts.object("{\"a\":\"" + each + "\"}").getString("a");
      String query = "/api/rooms?prefix=" + URLEncoder.encode(raw, StandardCharsets.UTF_8);
      HttpResponse<String> rooms = calls.send("GET", query, "");
      assertTrue(rooms.statusCode() == 400 || !rooms.body().contains(room), rooms.body());
    }
    List<JsonObject> events = calls.page(path).getJsonArray("events").getValuesAs(JsonObject.class);
    List<String> keys = events.stream().map(e -> e.getString("id")).toList();
    for (String each : odd) {
      assertTrue(keys.contains(Texts.object("{\"a\":\"" + each + "\"}").getString("a")), each);
    }
  }

  @Test
  void bytesThatAreNoTextAreRefusedInBodies() throws Exception {
    byte[][] odd = {
      {(byte) 0xc3},
      {(byte) 0xff},
      {(byte) 0xc0, (byte) 0xaf},
      {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
    };
    for (byte[] bytes : odd) {
      byte[] body = "{\"name\":\"n\",\"data\":\"0000\"}".getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(bytes, 0, body, 20, bytes.length);
      HttpRequest request =
          HttpRequest.newBuilder(server.resolve(path))
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      badJson(http.send(request, HttpResponse.BodyHandlers.ofString()));
    }
    assertEquals(0, calls.page(path).getJsonArray("events").size());
  }

  @Test
  void bytesThatAreNoTextEndTheSocketThatSentThem() throws Exception {
    try (SocketClient reader = SocketClient.connect(http, server, token)) {
      reader.join(room, "");
      byte[][] odd = {{'"', (byte) 0xff}, {(byte) 0xc3, '"'}, {(byte) 0xc0, (byte) 0xaf}};
      for (byte[] bytes : odd) {
        try (FrameSocket socket =
            FrameSocket.connect(SocketFactory.getDefault(), server, "/ws", token)) {
          socket.text("welcome");
          socket.send(FrameSocket.TEXT, true, bytes);
          int code = socket.awaitClose(SocketClient.PATIENCE);
          assertTrue(code == 1007 || code == 1006, "closed with " + code);
        }
      }
      reader.publish(room, "n", "1");
      assertEquals(1, reader.next("event").getInt("seq"));
    }
  }

  @Test
  void framesOfControlThatAreMalformedEndTheSocketThatSentThem() throws Exception {
    String canary = "canary" + UUID.randomUUID();
    byte[] said = ("\u0003\u00e8x\r\n\u001b[31m" + canary).getBytes(StandardCharsets.ISO_8859_1);
    int last = 0x80;
    for (Map.Entry<Integer, byte[]> odd :
        List.of(
            Map.entry(last | FrameSocket.PING, new byte[126]),
            Map.entry(FrameSocket.PING, new byte[1]),
            Map.entry(last | 3, new byte[1]),
            Map.entry(last | 11, new byte[1]),
            Map.entry(last | 0x40 | FrameSocket.TEXT, new byte[1]),
            Map.entry(last | FrameSocket.MORE, new byte[1]),
            Map.entry(last | 8, new byte[1]),
            Map.entry(last | 8, said))) {
      try (FrameSocket socket =
          FrameSocket.connect(SocketFactory.getDefault(), server, "/ws", token)) {
        socket.text("welcome");
        int head = odd.getKey();
        socket.send(head & ~last, (head & last) != 0, odd.getValue());
        int code = socket.awaitClose(SocketClient.PATIENCE);
        assertTrue(code > 0, "closed with " + code);
      }
    }
    assertFalse(ProductionServer.logs().contains(canary));
    assertEquals(200, calls.send("GET", path, "").statusCode());
  }

  /** Tokens and what is said: none of them is for those who read logs. */
  @Test
  void noSecretIsInAFileOfTheServer() {
    String canary = "canary" + UUID.randomUUID();
    calls.publish(room, "n", '"' + canary + '"');
    badJson(calls.send("POST", path, "{\"name\":\"" + canary + " \",\"data\":1,,}"));
    assertEquals(401, new Calls(http, server, token + canary).send("GET", path, "").statusCode());
    try (SocketClient socket = SocketClient.connect(http, server, token)) {
      socket.ok("auth", "\"token\":\"" + token + '"');
      String bad = socket.ask("auth", "\"token\":\"" + token + canary + '"').getString("code");
      assertEquals("unauthenticated", bad);
    }
    String logs = ProductionServer.logs();
    assertFalse(logs.contains(canary));
    assertFalse(logs.contains(token));
  }

  /** A flood of nonsense costs its sender answers, and the log nothing. */
  @Test
  void aFloodOfNonsenseIsNoFloodOfLines() {
    String canary = "canary" + UUID.randomUUID().toString().replace("-", "");
    int before = ProductionServer.messages().length();
    try (SocketClient socket = SocketClient.connect(http, server, token)) {
      for (int i = 0; i < 2_000; i++) {
        socket.send("{\"type\":\"" + canary + "\\n\\u001b[31m\",\"room\":\"" + canary + "\"");
      }
      socket.next("error");
    }
    for (int i = 0; i < 200; i++) {
      calls.send("POST", path, canary, "User-Agent", canary);
    }
    assertFalse(ProductionServer.logs().contains(canary));
    String messages = ProductionServer.messages();
    assertTrue(messages.length() - before < 20_000, messages);
  }
}
