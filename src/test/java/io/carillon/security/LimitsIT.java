package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.FrameSocket;
import io.carillon.kit.client.Metrics;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.StreamEvent;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Limits on every carrier of a real server: the right code, when to come back, the neighbour is not
 * hit, and after the time it works again. Each connection comes from an address of its own, as a
 * trusted proxy tells.
 */
@Timeout(120)
class LimitsIT {
  private static final int TRIES = 500;
  private static final AtomicInteger ADDRESSES = new AtomicInteger();
  private static Cluster cluster;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server = cluster.server(0).uri("/");
  private final String room = RoomNames.fresh();
  private final String bad = "mallory-" + UUID.randomUUID();
  private final String good = "alice-" + UUID.randomUUID();
  private final Calls mallory = calls(bad);
  private final Calls alice = calls(good);
  private final String address = "203.0.113." + ADDRESSES.incrementAndGet();

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> settings = new HashMap<>();
    for (String limit :
        List.of("HISTORY", "MEMBERS", "TICKETS", "PUBLISHES", "SIGNALS", "JOINS", "POLLS")) {
      settings.put("CARILLON_LIMITS_" + limit + "_USER", "1/5");
    }
    settings.put("CARILLON_LIMITS_CONNECTS_USER", "1/8");
    settings.put("CARILLON_LIMITS_CONNECTS_ADDRESS", "1/10");
    settings.put("CARILLON_LIMITS_CONNECTIONS_ADDRESS", "3");
    settings.put("CARILLON_LIMITS_PUBLISHES_ROOM", "1/20");
    settings.put("CARILLON_LIMITS_SIGNALS_ROOM", "1/20");
    settings.put("CARILLON_LIMITS_PINGS_CONNECTION", "1/20");
    settings.put("CARILLON_LIMITS_MEMBERS_ROOM", "4");
    settings.put("CARILLON_LIMITS_READERS_ROOM", "12");
    settings.put("CARILLON_LIMITS_READERS_NAMESPACE", "40");
    cluster = Cluster.start(1, settings);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void close() {
    http.close();
  }

  private Calls calls(String user) {
    return new Calls(http, server, Calls.demoToken(http, server, user));
  }

  private static HttpResponse<String> untilRefused(Supplier<HttpResponse<String>> call) {
    for (int i = 0; i < TRIES; i++) {
      HttpResponse<String> answer = call.get();
      if (answer.statusCode() == 429) {
        return answer;
      }
      assertTrue(answer.statusCode() < 300, answer::body);
    }
    throw new AssertionError("nothing was refused");
  }

  private static void assertRate(HttpResponse<String> refused) {
    JsonObject problem = Texts.object(refused.body());
    assertEquals("rate", problem.getString("code"));
    assertTrue(problem.getBoolean("retryable"));
    assertTrue(problem.getInt("retryAfter") > 0);
    assertFalse(refused.headers().firstValue("Retry-After").orElse("").isEmpty());
  }

  private static void untilTaken(Supplier<Boolean> call) {
    while (!call.get()) {
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static Stream<Arguments> requests() {
    return Stream.of(
        Arguments.of("history.user", "GET", "/api/rooms/%s/events", "", ""),
        Arguments.of("history.user", "GET", "/api/rooms/%s/events/1", "", ""),
        Arguments.of("members.user", "GET", "/api/rooms/%s/members", "", ""),
        Arguments.of("members.user", "GET", "/api/rooms/%s", "", ""),
        Arguments.of("polls.user", "GET", "/api/rooms/%s/events?after=0.0", "", "wait=1"),
        Arguments.of("tickets.user", "POST", "/api/tickets", "", ""),
        Arguments.of(
            "publishes.user", "POST", "/api/rooms/%s/events", "{\"name\":\"m\",\"data\":1}", ""),
        Arguments.of(
            "signals.user", "POST", "/api/rooms/%s/signals", "{\"name\":\"s\",\"data\":1}", ""),
        Arguments.of("joins.user", "PUT", "/api/rooms/%s/members/me", "{\"state\":{}}", ""));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRequestBeyondTheRate(String limit, String method, String path, String body, String prefer) {
    alice.publish(room, "first", "0");
    String[] headers = prefer.isEmpty() ? new String[0] : new String[] {"Prefer", prefer};
    Supplier<HttpResponse<String>> call =
        () -> mallory.send(method, path.formatted(room), body, headers);
    assertRate(untilRefused(call));
    assertTrue(alice.send(method, path.formatted(room), body, headers).statusCode() < 300);
    untilTaken(() -> call.get().statusCode() < 300);
    JsonObject hit = hits(bad).getFirst();
    assertEquals(limit, hit.getString("limit"));
    assertEquals("127.0.0.1", hit.getString("address"));
    assertTrue(hit.getInt("count") >= 1);
  }

  private List<JsonObject> hits(String user) {
    HttpResponse<String> answer =
        Calls.operator(http, server).send("GET", "/api/admin/limits?user=" + user, "");
    assertEquals(200, answer.statusCode(), answer.body());
    return Texts.object(answer.body()).getJsonArray("limits").getValuesAs(JsonObject.class);
  }

  @Test
  void eventsOfABatchEachOnItsOwn() {
    String event = "{\"room\":\"" + room + "\",\"name\":\"m\",\"data\":1}";
    String batch = "[" + (event + ",").repeat(19) + event + "]";
    HttpResponse<String> answer = mallory.send("POST", "/api/events", batch);
    assertEquals(200, answer.statusCode(), answer.body());
    List<JsonObject> results =
        Texts.value(answer.body()).asJsonArray().getValuesAs(JsonObject.class);
    assertEquals(201, results.getFirst().getInt("status"));
    assertEquals(429, results.getLast().getInt("status"));
    assertEquals("rate", results.getLast().getString("code"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish", "signal", "history", "members", "join"})
  void aCommandBeyondTheRate(String type) throws Exception {
    String fields =
        "\"room\":\""
            + room
            + '"'
            + (type.equals("publish") || type.equals("signal") ? ",\"name\":\"m\",\"data\":1" : "");
    try (SocketClient flooding = socket(mallory);
        SocketClient neighbour = socket(alice)) {
      JsonObject refused = flooding.ask(type, fields);
      for (int i = 0; i < TRIES && refused.getString("type").equals("ok"); i++) {
        refused = flooding.ask(type, fields);
      }
      assertEquals("error", refused.getString("type"));
      assertEquals("rate", refused.getString("code"));
      assertTrue(refused.getBoolean("retryable"));
      assertTrue(refused.getInt("retryAfter") > 0);
      neighbour.ok(type, fields);
      untilTaken(() -> flooding.ask(type, fields).getString("type").equals("ok"));
    }
    String limit =
        switch (type) {
          case "publish" -> "publishes.user";
          case "signal" -> "signals.user";
          case "join" -> "joins.user";
          default -> type + ".user";
        };
    JsonObject hit = hits(bad).getFirst();
    assertEquals(limit, hit.getString("limit"));
    assertEquals(address, hit.getString("address"));
    untilTaken(() -> refusals(limit) > 0);
  }

  @Test
  void whoGoesOnWhateverItIsToldIsClosed() {
    String publish = "{\"type\":\"publish\",\"ref\":1,\"room\":\"%s\",\"name\":\"m\",\"data\":1}";
    String message =
        "[" + (publish.formatted(room) + ",").repeat(499) + publish.formatted(room) + "]";
    try (SocketClient flooding = socket(mallory);
        SocketClient neighbour = socket(alice)) {
      try {
        for (int i = 0; i < 100; i++) {
          flooding.send(message);
        }
      } catch (CompletionException closedMeanwhile) {
        assertInstanceOf(IOException.class, closedMeanwhile.getCause());
      }
      assertEquals(1013, flooding.awaitClose(SocketClient.PATIENCE.multipliedBy(3)));
      neighbour.publish(room, "m", "1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish", "signal"})
  void aRoomBeyondItsRateWhoeverAsks(String type) {
    String path = "/api/rooms/" + room + (type.equals("publish") ? "/events" : "/signals");
    String body = "{\"name\":\"m\",\"data\":1}";
    String limit = type.equals("publish") ? "publishes.room" : "signals.room";
    String event = "\"room\":\"" + room + "\",\"name\":\"m\",\"data\":1";
    try (SocketClient socket = socket(alice)) {
      HttpResponse<String> refused = alice.send("POST", path, body);
      for (int i = 0; i < 9 && refused.statusCode() < 300; i++) {
        Calls each = calls("u" + i + bad);
        for (int j = 0; j < 4 && refused.statusCode() < 300; j++) {
          refused = each.send("POST", path, body);
        }
      }
      assertEquals(429, refused.statusCode());
      // At once, for the room takes more with time.
      assertEquals("rate", socket.ask(type, event).getString("code"));
      socket.ok(type, event.replace(room, room + "x"));
      assertRate(refused);
      untilTaken(() -> refusals(limit) > 0);
      untilTaken(() -> socket.ask(type, event).getString("type").equals("ok"));
    }
    // Who asks on until the room takes more may come to his own limit meanwhile.
    assertTrue(
        hits(good).stream().anyMatch(hit -> hit.getString("limit").equals(limit)),
        () -> hits(good).toString());
  }

  @Test
  void membersAndReadersOfARoom() {
    List<SocketClient> all = new ArrayList<>();
    String join = "\"room\":\"" + room + "\"";
    String present = join + ",\"presence\":{\"state\":{}}";
    for (int i = 0; i < 2; i++) {
      String lease = "/api/rooms/" + room + "/members/me";
      assertEquals(204, calls("l" + i + bad).send("PUT", lease, "{\"state\":{}}").statusCode());
    }
    for (int i = 0; i < 12; i++) {
      all.add(
          SocketClient.connect(
              http,
              server,
              Map.of(
                  "Authorization",
                  "Bearer " + calls("u" + i + bad).token(),
                  "Sec-WebSocket-Protocol",
                  "carillon.v1",
                  "X-Forwarded-For",
                  "203.0.115." + i)));
      assertEquals("ok", all.getLast().ask("join", i < 2 ? present : join).getString("type"));
    }
    assertEquals("limit", all.getLast().ask("join", present).getString("code"));
    all.getLast().ok("join", join);
    HttpResponse<String> lease =
        alice.send("PUT", "/api/rooms/" + room + "/members/me", "{\"state\":{}}");
    assertEquals(429, lease.statusCode());
    assertEquals("limit", Texts.object(lease.body()).getString("code"));
    assertEquals("members.room", hits(good).getFirst().getString("limit"));
    String path = "/api/rooms/" + room + "/events";
    Map<String, String> from = Map.of("X-Forwarded-For", address);
    try (StreamClient stream = StreamClient.open(http, server, alice.token(), path, from)) {
      StreamEvent goodbye = stream.take(e -> e.name().equals("carillon:goodbye"));
      assertEquals("limit", Texts.object(goodbye.data()).getString("reason"));
    }
    assertEquals("readers.room", hits(good).getFirst().getString("limit"));
    all.forEach(SocketClient::close);
    untilTaken(
        () -> {
          try (StreamClient stream = StreamClient.open(http, server, alice.token(), path, from)) {
            return stream.take(e -> true).name().equals("carillon:joined");
          }
        });
  }

  /** Pings of the WebSocket itself, which the container answers: who floods with them is closed. */
  @Test
  void pingsOfASocketBeyondTheRate() throws Exception {
    try (FrameSocket flooding =
            FrameSocket.connect(SocketFactory.getDefault(), server, "/ws", mallory.token());
        SocketClient neighbour = socket(alice)) {
      for (int i = 0; i < 10; i++) {
        flooding.send(FrameSocket.PING, true, new byte[] {(byte) i});
        flooding.awaitPong();
      }
      try {
        for (int i = 0; i < 20_000; i++) {
          flooding.send(FrameSocket.PING, true);
        }
      } catch (IOException closedMeanwhile) {
        assertTrue(refusals("pings.connection") > 0, closedMeanwhile::toString);
      }
      int code = flooding.awaitClose(SocketClient.PATIENCE);
      // 1002: what the container says of pings behind the close may be the first that is read.
      assertTrue(code == 1013 || code == 1006 || code == 1002, "closed with " + code);
      assertEquals("pings.connection", hits(bad).getFirst().getString("limit"));
      neighbour.publish(room, "m", "1");
    }
  }

  private double refusals(String limit) {
    try {
      return Metrics.of(http, server).sum("carillon_refused_total", "limit=\"" + limit + "\"");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private SocketClient socket(Calls user) {
    return SocketClient.connect(
        http,
        server,
        Map.of(
            "Authorization",
            "Bearer " + user.token(),
            "Sec-WebSocket-Protocol",
            "carillon.v1",
            "X-Forwarded-For",
            address));
  }

  /** Opens sockets until one is refused. */
  private HttpResponse<?> refusedUpgrade(String path, String subprotocol, String token) {
    for (int i = 0; i < TRIES; i++) {
      WebSocket.Builder builder = http.newWebSocketBuilder().header("X-Forwarded-For", address);
      if (!token.isEmpty()) {
        builder.header("Authorization", "Bearer " + token).subprotocols(subprotocol);
      }
      URI target = URI.create(server.resolve(path).toString().replaceFirst("http", "ws"));
      try {
        builder.buildAsync(target, new WebSocket.Listener() {}).join().abort();
      } catch (CompletionException failed) {
        return assertInstanceOf(WebSocketHandshakeException.class, failed.getCause()).getResponse();
      }
    }
    throw new AssertionError("nothing was refused");
  }

  @Test
  void upgradesBeyondTheRate() {
    HttpResponse<?> refused = refusedUpgrade("/ws", "carillon.v1", mallory.token());
    assertEquals(429, refused.statusCode());
    assertFalse(refused.headers().firstValue("Retry-After").orElse("").isEmpty());
    untilTaken(
        () -> {
          try {
            socket(mallory).close();
            return true;
          } catch (SocketClient.ConnectFailed stillTooMany) {
            assertEquals(429, stillTooMany.status());
            return false;
          }
        });
  }

  @Test
  void aTrustedProxySaysByWhichSchemeItCame() {
    HttpResponse<String> secure =
        alice.send("GET", "/chat/", "", "X-Forwarded-For", address, "X-Forwarded-Proto", "https");
    assertTrue(secure.headers().firstValue("Strict-Transport-Security").isPresent());
    assertFalse(
        alice
            .send("GET", "/chat/", "")
            .headers()
            .firstValue("Strict-Transport-Security")
            .isPresent());
    HttpResponse<String> token =
        new Calls(http, server, "")
            .send("POST", "/api/demo/token", "{\"user\":\"a\"}", "X-Forwarded-Proto", "https");
    assertTrue(token.headers().firstValue("Set-Cookie").orElse("").endsWith("; Secure"));
  }

  @Test
  void tooManyConnectionsOfAnAddress() {
    try (SocketClient first = socket(mallory);
        SocketClient second = socket(alice)) {
      SocketClient third = socket(alice);
      SocketClient.ConnectFailed full =
          assertThrows(SocketClient.ConnectFailed.class, () -> socket(alice));
      assertEquals(429, full.status());
      JsonObject hit = hits(good).getFirst();
      assertEquals("connections.address", hit.getString("limit"));
      assertEquals("limit", hit.getString("code"));
      third.close();
      untilTaken(
          () -> {
            try {
              socket(alice).close();
              return true;
            } catch (SocketClient.ConnectFailed stillFull) {
              return false;
            }
          });
      first.ok("leave", "\"room\":\"" + room + '"');
      second.ok("leave", "\"room\":\"" + room + '"');
    }
  }

  @Test
  void aStreamIsToldSoWithAStatusThatABrowserSurvives() {
    String path = "/api/rooms/" + room + "/events";
    StreamEvent last = null;
    for (int i = 0; i < TRIES && (last == null || last.name().equals("carillon:joined")); i++) {
      try (StreamClient stream =
          StreamClient.open(
              http, server, mallory.token(), path, Map.of("X-Forwarded-For", address))) {
        assertEquals(200, stream.status());
        last = stream.take(e -> true);
      }
    }
    JsonObject goodbye = Texts.object(Objects.requireNonNull(last).data());
    assertEquals("carillon:goodbye", last.name());
    assertTrue(List.of("rate", "limit").contains(goodbye.getString("reason")), goodbye::toString);
    assertTrue(goodbye.getInt("reconnectIn") > 0);
    try (StreamClient stream =
        StreamClient.open(
            http, server, alice.token(), path, Map.of("X-Forwarded-For", "198.51.100.1"))) {
      assertEquals("carillon:joined", stream.take(e -> true).name());
      JsonObject seen =
          Texts.object(
              Calls.operator(http, server).send("GET", "/api/admin/connections", "").body());
      assertTrue(
          seen.getJsonArray("connections").getValuesAs(JsonObject.class).stream()
              .anyMatch(each -> each.getString("address").equals("198.51.100.1")),
          seen::toString);
    }
  }

  @Test
  void readersOfANamespace() {
    String space = "n" + UUID.randomUUID().toString().replace("-", "");
    List<SocketClient> all = new ArrayList<>();
    int joined = 0;
    String code = "";
    for (int i = 0; i < TRIES && code.isEmpty(); i++) {
      String own = "203.0.114." + i;
      String token = Calls.demoToken(http, server, space + i);
      SocketClient each =
          SocketClient.connect(
              http,
              server,
              Map.of(
                  "Authorization",
                  "Bearer " + token,
                  "Sec-WebSocket-Protocol",
                  "carillon.v1",
                  "X-Forwarded-For",
                  own));
      all.add(each);
      for (int j = 0; j < 4 && code.isEmpty(); j++) {
        JsonObject answer = each.ask("join", "\"room\":\"" + space + ":" + j + '"');
        joined += answer.getString("type").equals("ok") ? 1 : 0;
        code = answer.getString("code", "");
      }
    }
    assertEquals("limit", code);
    assertEquals(40, joined);
    try (SocketClient neighbour = socket(alice)) {
      neighbour.join(room, "");
      all.forEach(SocketClient::close);
      untilTaken(
          () ->
              neighbour
                  .ask("join", "\"room\":\"" + space + ":again\"")
                  .getString("type")
                  .equals("ok"));
    }
  }

  @Test
  void sessionsOfSocketIoBeyondTheRate() {
    Calls stranger = new Calls(http, server, "");
    HttpResponse<String> refused =
        untilRefused(
            () ->
                stranger.send(
                    "GET", "/socket.io/?EIO=4&transport=polling", "", "X-Forwarded-For", address));
    assertTrue(
        List.of("rate", "limit").contains(Texts.object(refused.body()).getString("code")),
        refused::body);
    assertFalse(refused.headers().firstValue("Retry-After").orElse("").isEmpty());
    assertEquals(
        200,
        stranger
            .send(
                "GET", "/socket.io/?EIO=4&transport=polling", "", "X-Forwarded-For", "198.51.100.2")
            .statusCode());
  }

  @Test
  void socketsOfPusherBeyondTheRate() {
    HttpResponse<?> refused = refusedUpgrade("/app/demo-key?protocol=7", "", "");
    assertEquals(429, refused.statusCode());
    assertFalse(refused.headers().firstValue("Retry-After").orElse("").isEmpty());
  }

  @Test
  void callsOfAPusherServerBeyondTheRate() {
    Calls backend = new Calls(http, server, "");
    HttpResponse<String> refused =
        untilRefused(() -> backend.send("GET", signed("/apps/demo/channels"), ""));
    assertFalse(refused.headers().firstValue("Retry-After").orElse("").isEmpty());
    assertEquals("Too many requests.", Texts.object(refused.body()).getString("error"));
    untilTaken(() -> backend.send("GET", signed("/apps/demo/channels"), "").statusCode() == 200);
  }

  private static String signed(String path) {
    String query =
        "auth_key=demo-key&auth_timestamp=" + Instant.now().getEpochSecond() + "&auth_version=1.0";
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec("demo-secret".getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      byte[] signature =
          mac.doFinal(("GET\n" + path + "\n" + query).getBytes(StandardCharsets.US_ASCII));
      return path + "?" + query + "&auth_signature=" + HexFormat.of().formatHex(signature);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
