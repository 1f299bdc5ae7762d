package io.carillon.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see, asked of one of two real servers. */
@Timeout(120)
class OperatorsIT {
  private static final Cluster CLUSTER = Cluster.shared();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI first = CLUSTER.server(0).uri("/");
  private final URI second = CLUSTER.server(1).uri("/");
  private final String user = "seen-" + UUID.randomUUID();
  private final String room = "operators:" + UUID.randomUUID();
  private final Calls calls = new Calls(http, first, Calls.demoToken(http, first, user));
  private final Calls operator = Calls.operator(http, second);

  @AfterEach
  void close() {
    http.close();
  }

  private JsonObject get(String path) {
    HttpResponse<String> answer = operator.send("GET", path, "");
    assertEquals(200, answer.statusCode(), answer.body());
    return Texts.object(answer.body());
  }

  private JsonObject awaitCount(String path, int count) {
    JsonObject found = get(path);
    while (found.getInt("count") != count) {
      LockSupport.parkNanos(50_000_000);
      found = get(path);
    }
    return found;
  }

  @Test
  void connectionsOfAllInstancesAndHowTheyEnded() {
    String mine = "/api/admin/connections?user=" + user;
    calls.publish(room, "x", "1");
    try (SocketClient socket = SocketClient.connect(http, first, calls.token());
        StreamClient stream =
            StreamClient.open(http, second, calls.token(), "/api/rooms/" + room + "/events")) {
      socket.join(room, ",\"last\":1");
      assertEquals(200, stream.status());

      awaitCount(mine + "&room=" + room, 2);
      awaitCount(mine + "&behind=true", 0); // both have got what was there when they came
      JsonObject found = awaitCount(mine + "&room=" + room + "&reads", 2);
      assertEquals(0, found.getInt("silent"));
      JsonArray connections = found.getJsonArray("connections");
      assertEquals(
          Set.of("carillon.v1 websocket", "sse sse"),
          connections.getValuesAs(JsonObject.class).stream()
              .map(each -> each.getString("protocol") + ' ' + each.getString("transport"))
              .collect(Collectors.toSet()));
      assertEquals(
          2,
          connections.getValuesAs(each -> each.asJsonObject().getString("instance")).stream()
              .distinct()
              .count());
      for (JsonObject each : connections.getValuesAs(JsonObject.class)) {
        assertEquals("127.0.0.1", each.getString("address"));
        assertEquals(1, each.getInt("rooms"));
        assertEquals(0, each.getInt("behind"));
        JsonObject reads = each.getJsonArray("reads").getJsonObject(0);
        assertEquals(room, reads.getString("room"));
        assertEquals(1, reads.getInt("seq"));
      }
      assertEquals(1, get(mine + "&limit=1").getJsonArray("connections").size());
      assertEquals(0, get(mine + "&room=operators:other").getInt("count"));
      assertEquals(0, get(mine + "&behind=true").getInt("count"));
      assertEquals(
          204, operator.send("DELETE", "/api/users/" + user + "/connections", "").statusCode());
      socket.awaitClose(SocketClient.PATIENCE);
    }
    awaitCount(mine, 0);
    JsonObject ended = awaitCount("/api/admin/connections/ended?user=" + user, 2);
    assertEquals(
        List.of("kicked", "kicked"),
        ended.getJsonArray("ended").getValuesAs(each -> each.asJsonObject().getString("reason")));
  }

  @Test
  void withoutLimitsNobodyWasRefused() {
    JsonObject hit = get("/api/admin/limits?user=" + user);
    assertEquals(0, hit.getInt("count"));
    assertEquals(0, hit.getInt("silent"));
    assertEquals(0, hit.getJsonArray("limits").size());
  }

  @Test
  void instancesWithTheirRoles() {
    List<JsonObject> all =
        get("/api/admin/instances").getJsonArray("instances").getValuesAs(JsonObject.class);
    assertEquals(2, all.size());
    assertEquals(2, all.stream().map(each -> each.getString("name")).distinct().count());
    assertTrue(all.stream().filter(each -> each.getBoolean("relay")).count() <= 1);
    for (JsonObject each : all) {
      assertFalse(each.getBoolean("draining"));
      JsonObject figures = each.getJsonObject("figures");
      assertTrue(figures.getBoolean("listening"));
      assertTrue(figures.getJsonNumber("published").doubleValue() >= 0);
      assertTrue(figures.getJsonNumber("opened").doubleValue() >= 0);
      assertFalse(each.getString("version").isEmpty());
    }
  }

  @Test
  void theLastEventOfARoom() {
    assertFalse(get("/api/admin/rooms/" + room).containsKey("last"));
    calls.publish(room, "one", "1");
    calls.publish(room, "two", "2");
    JsonObject seen = get("/api/admin/rooms/" + room);
    JsonObject last = seen.getJsonObject("last");
    assertEquals("two", last.getString("event"));
    assertEquals(user, last.getString("by"));
    assertEquals(2, last.getInt("seq"));
    assertTrue(seen.getString("head").endsWith(".2"));
  }

  /** As the subjects of some issuers are. */
  @Test
  void aUserWhoseNameNoPathCanHold() {
    for (String name : List.of("https://issuer.example/" + user, "a\\\\" + user, "~" + user)) {
      Calls slashed = new Calls(http, first, Calls.demoToken(http, first, name));
      String plain = name.replace("\\\\", "\\");
      String segment =
          "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(UTF_8));
      slashed.publish(room, "n", "1");
      assertTrue(get("/api/admin/users/" + segment + "/acts").containsKey("acts"));
      String ban = "/api/admin/bans/" + segment;
      String until = Instant.now().plusSeconds(600).toString();
      String body = "{\"until\":\"" + until + "\",\"reason\":\"spam\"}";
      assertEquals(200, operator.send("PUT", ban, body).statusCode());
      assertEquals(401, slashed.send("GET", "/api/rooms/" + room + "/events", "").statusCode());
      assertEquals(204, operator.send("DELETE", ban, "").statusCode());
      String connections = "/api/users/" + segment + "/connections";
      assertEquals(204, operator.send("DELETE", connections, "").statusCode());
      JsonObject last =
          get("/api/admin/audit?actor=operator&limit=1").getJsonArray("entries").getJsonObject(0);
      assertEquals(plain, last.getString("subject"));
    }
    assertEquals(400, operator.send("GET", "/api/admin/users/~.../acts", "").statusCode());
  }

  @Test
  void theAuditTrailPageByPage() {
    String path = "/api/users/" + user + "/connections";
    assertEquals(204, operator.send("DELETE", path, "").statusCode());
    assertEquals(204, operator.send("DELETE", path + "?revoke=true", "").statusCode());
    String trail = "/api/admin/audit?actor=operator&subject=" + user + "&limit=1";
    JsonObject latest = get(trail).getJsonArray("entries").getJsonObject(0);
    assertEquals("revoke", latest.getString("action"));
    JsonArray before = get(trail + "&before=" + latest.getInt("id")).getJsonArray("entries");
    assertEquals("kick", before.getJsonObject(0).getString("action"));
    assertEquals(
        0,
        get(trail + "&before=" + before.getJsonObject(0).getInt("id"))
            .getJsonArray("entries")
            .size());
  }

  @Test
  void aBannedUserIsOutUntilTheBanIsOver() {
    String ban = "/api/admin/bans/" + user;
    String body = "{\"until\":\"%s\",\"reason\":\" too loud \"}";
    try (SocketClient socket = SocketClient.connect(http, first, calls.token())) {
      String until = Instant.now().plusSeconds(3600).toString();
      HttpResponse<String> banned = operator.send("PUT", ban, body.formatted(until));
      assertEquals(200, banned.statusCode(), banned.body());
      assertEquals("too loud", Texts.object(banned.body()).getString("reason"));
      assertEquals(4504, socket.awaitClose(SocketClient.PATIENCE));
    }
    Calls fresh = new Calls(http, first, Calls.demoToken(http, first, user));
    String rooms = "/api/rooms/" + room;
    awaitStatus(fresh, rooms, 401);
    assertTrue(
        get("/api/admin/bans").getJsonArray("bans").getValuesAs(JsonObject.class).stream()
            .anyMatch(each -> each.getString("user").equals(user)));
    assertEquals(204, operator.send("DELETE", ban, "").statusCode());
    assertEquals(404, operator.send("DELETE", ban, "").statusCode());
    awaitStatus(fresh, rooms, 200);

    String soon = Instant.now().plusSeconds(4).toString();
    assertEquals(200, operator.send("PUT", ban, body.formatted(soon)).statusCode());
    awaitStatus(fresh, rooms, 401);
    awaitStatus(fresh, rooms, 200);
    JsonObject latest =
        get("/api/admin/audit?limit=1&subject=" + user).getJsonArray("entries").getJsonObject(0);
    assertEquals("ban", latest.getString("action"));
    assertEquals("until " + soon + ": too loud", latest.getString("detail"));
  }

  /** A ban that was answered holds on the instance that was not asked, too, and so does its end. */
  @RepeatedTest(5)
  void noInstanceLetsABannedUserInOnceTheBanWasAnswered() {
    String ban = "/api/admin/bans/" + user;
    String body = "{\"until\":\"" + Instant.now().plusSeconds(3600) + "\",\"reason\":\"too loud\"}";
    Calls fresh = new Calls(http, first, Calls.demoToken(http, first, user));
    assertEquals(200, operator.send("PUT", ban, body).statusCode());
    assertEquals(401, fresh.send("GET", "/api/rooms/" + room, "").statusCode());
    assertEquals(204, operator.send("DELETE", ban, "").statusCode());
    assertEquals(200, fresh.send("GET", "/api/rooms/" + room, "").statusCode());
  }

  @Test
  void whatAUserIsDoingNow() {
    String path = "/api/admin/users/" + user + "/acts";
    assertEquals(0, get(path).getInt("count"));
    try (SocketClient socket = SocketClient.connect(http, first, calls.token())) {
      socket.join(room, "");
      calls.publish(room, "shout", "1");
      assertEquals(
          403,
          calls
              .send("POST", "/api/rooms/carillon:x/events", "{\"name\":\"x\",\"data\":1}")
              .statusCode());
      JsonObject seen = awaitCount(path, 4);
      assertEquals(
          Map.of("opened", "", "joined", room, "published", room, "refused", "carillon:x"),
          seen.getJsonArray("acts").getValuesAs(JsonObject.class).stream()
              .collect(
                  Collectors.toMap(
                      each -> each.getString("act"), each -> each.getString("room", ""))));
      JsonObject last = seen.getJsonArray("acts").getJsonObject(0);
      assertEquals("forbidden", last.getString("code"));
      assertEquals("write", last.getString("name"));
    }
    JsonObject left = awaitCount(path, 5).getJsonArray("acts").getJsonObject(0);
    assertEquals("closed", left.getString("act"));
  }

  @Test
  void theBusyRoomsOfAllInstances() {
    String mine = "/api/admin/rooms?prefix=" + room;
    assertEquals(0, get(mine).getInt("count"));
    try (SocketClient here = SocketClient.connect(http, first, calls.token());
        SocketClient there = SocketClient.connect(http, second, calls.token())) {
      here.join(room, "");
      there.join(room, "");
      calls.publish(room, "one", "1");
      calls.publish(room, "two", "2");
      JsonObject row;
      do {
        row = awaitCount(mine, 1).getJsonArray("rooms").getJsonObject(0);
      } while (row.getInt("readers") != 2 || row.getInt("minute") != 2);
      assertEquals(room, row.getString("room"));
      assertEquals(2, get("/api/admin/rooms/" + room).getInt("minute"));
    }
  }

  @Test
  void alertsOfAllInstances() {
    JsonObject alerts = get("/api/admin/alerts");
    assertEquals(0, alerts.getInt("silent"));
    // Of what other tests do to these servers, only what is told is known.
    for (JsonObject each : alerts.getJsonArray("alerts").getValuesAs(JsonObject.class)) {
      assertTrue(
          Instant.parse(each.getString("since")).isBefore(Instant.now().plusSeconds(60)),
          each::toString);
      assertFalse(each.getString("text").isEmpty());
      assertFalse(each.getString("code").isEmpty());
      assertFalse(each.getString("instance").isEmpty());
    }
  }

  /** Everybody else has every right of the demo mode but one. */
  @Test
  void operatorsAreSeenByOperatorsAlone() {
    String members = "/api/rooms/carillon:console/members";
    assertEquals(403, calls.send("GET", members, "").statusCode());
    assertEquals(
        403, calls.send("GET", "/api/rooms/carillon:console/events?last=1", "").statusCode());
    assertEquals(403, calls.send("PUT", members + "/me", "{\"state\":{}}").statusCode());
    assertEquals(200, operator.send("GET", members, "").statusCode());
  }

  /**
   * Socket.IO shows its credential only when the connection is open, over polls as over sockets.
   */
  @Test
  void theAddressOfWhoSaysWhoTheyAreLater() {
    String polled = "/socket.io/?EIO=4&transport=polling";
    Calls nobody = new Calls(http, first, "");
    HttpResponse<String> opened = nobody.send("GET", polled, "");
    String sid = Texts.object(opened.body().substring(1)).getString("sid");
    HttpResponse<String> said =
        nobody.send(
            "POST",
            polled + "&sid=" + sid,
            "40{\"token\":\"" + calls.token() + "\"}",
            "Content-Type",
            "text/plain;charset=UTF-8");
    assertEquals("ok", said.body());
    JsonObject found =
        awaitCount("/api/admin/connections?user=" + user, 1)
            .getJsonArray("connections")
            .getJsonObject(0);
    assertEquals("127.0.0.1", found.getString("address"));
    assertEquals("socketio", found.getString("protocol"));
  }

  private static void awaitStatus(Calls caller, String path, int status) {
    while (caller.send("GET", path, "").statusCode() != status) {
      LockSupport.parkNanos(100_000_000);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"until\":\"2999-01-01T00:00:00Z\",\"reason\":\"x\"}",
        "{\"until\":\"2020-01-01T00:00:00Z\",\"reason\":\"x\"}",
        "{\"until\":\"tomorrow\",\"reason\":\"x\"}",
        "{\"until\":\"2100-01-01T00:00:00Z\",\"reason\":\"  \"}",
        "{\"until\":\"2100-01-01T00:00:00Z\",\"reason\":7}"
      })
  void aBanNeedsAnEndAndAReason(String body) {
    HttpResponse<String> answer = operator.send("PUT", "/api/admin/bans/" + user, body);
    assertEquals(400, answer.statusCode(), answer.body());
  }

  @Test
  void theOutboxAndTheNamespaces() {
    JsonObject outbox = get("/api/admin/outbox");
    assertTrue(outbox.getInt("waiting") >= 0);
    assertEquals(outbox.getInt("rejected"), outbox.getJsonArray("latest").size());
    String namespace = "n" + UUID.randomUUID().toString().replace("-", "");
    assertEquals(
        200,
        operator.send("PUT", "/api/namespaces/" + namespace, "{\"dataLimit\":77}").statusCode());
    assertTrue(
        get("/api/admin/namespaces")
            .getJsonArray("namespaces")
            .getValuesAs(JsonObject.class)
            .stream()
            .anyMatch(
                each ->
                    each.getString("namespace").equals(namespace)
                        && each.getInt("dataLimit") == 77));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bans",
        "alerts",
        "users/alice/acts",
        "rooms",
        "instances",
        "connections",
        "connections/ended",
        "rooms/a",
        "audit",
        "outbox",
        "limits",
        "namespaces"
      })
  void onlyOperatorsSeeThem(String view) {
    assertEquals(403, calls.send("GET", "/api/admin/" + view, "").statusCode());
    assertEquals(
        401, new Calls(http, first, "").send("GET", "/api/admin/" + view, "").statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connections?limit=0",
        "connections?limit=1001",
        "connections?limit=x",
        "connections?behind=yes",
        "connections?room=%20",
        "connections/ended?limit=-1",
        "limits?limit=0",
        "rooms/%20",
        "rooms?limit=0",
        "audit?before=0",
        "audit?limit=1e3",
        "outbox?limit=99999999999"
      })
  void badQuestionsAreRefused(String question) {
    HttpResponse<String> answer = operator.send("GET", "/api/admin/" + question, "");
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(Texts.object(answer.body()).getString("code").startsWith("bad_"), answer.body());
  }
}
