package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every kind of caller, every call, every carrier: exactly what the rights of a room say. */
@Timeout(120)
final class RightsMatrixIT {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server = ProductionServer.uri();
  private final String room = RoomNames.fresh();
  private final String path = "/api/rooms/" + room;

  @AfterEach
  void close() {
    http.close();
  }

  /** What is asked for, the rights that it needs, and how. */
  private record Call(String name, Set<String> needs, Function<String, String> outcome) {}

  private List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    Set<String> read = Set.of("read");
    Set<String> follow = Set.of("read", "presence");
    calls.add(rest("page", read, "GET", "/events", ""));
    calls.add(rest("poll", read, "GET", "/events?after=0.0", "", "Prefer", "wait=1"));
    calls.add(rest("one event", read, "GET", "/events/1", ""));
    calls.add(rest("state", read, "GET", "", ""));
    calls.add(rest("members", read, "GET", "/members", ""));
    calls.add(rest("publish", Set.of("write"), "POST", "/events", "{\"name\":\"n\",\"data\":1}"));
    calls.add(rest("signal", Set.of("signal"), "POST", "/signals", "{\"name\":\"n\",\"data\":1}"));
    calls.add(rest("lease", Set.of("presence"), "PUT", "/members/me", "{\"state\":{}}"));
    calls.add(new Call("stream", read, token -> stream(token, "")));
    calls.add(new Call("stream with members", follow, token -> stream(token, "?presence=true")));
    String to = "\"room\":\"" + room + '"';
    calls.add(socket("join", read, "join", to));
    calls.add(socket("join with members", follow, "join", to + ",\"presence\":true"));
    calls.add(socket("history", read, "history", to));
    calls.add(socket("members", read, "members", to));
    String some = to + ",\"name\":\"n\",\"data\":1";
    calls.add(socket("publish", Set.of("write"), "publish", some));
    calls.add(socket("signal", Set.of("signal"), "signal", some));
    calls.add(
        new Call(
            "admin",
            Set.of("admin everywhere"),
            token -> code(new Calls(http, server, token).send("GET", "/api/admin/bans", ""))));
    return calls;
  }

  private Call rest(
      String name, Set<String> needs, String method, String more, String body, String... headers) {
    return new Call(
        "HTTP " + name,
        needs,
        token -> code(new Calls(http, server, token).send(method, path + more, body, headers)));
  }

  private Call socket(String name, Set<String> needs, String type, String fields) {
    return new Call(
        "socket " + name,
        needs,
        token -> {
          try (SocketClient client = SocketClient.connect(http, server, token)) {
            JsonObject answer = client.ask(type, fields);
            return answer.getString("type").equals("ok") ? "ok" : answer.getString("code");
          } catch (SocketClient.ConnectFailed refused) {
            return refused.status() == 401 ? "unauthenticated" : "status " + refused.status();
          }
        });
  }

  private String stream(String token, String query) {
    try (StreamClient stream =
        StreamClient.open(http, server, token, path + "/events" + query, Map.of())) {
      return stream.status() == 200 ? "ok" : Texts.object(stream.body()).getString("code");
    }
  }

  private static String code(HttpResponse<String> answer) {
    return answer.statusCode() < 300 ? "ok" : Texts.object(answer.body()).getString("code");
  }

  private static String token(Map<String, List<String>> rights) {
    return ProductionServer.token("u" + UUID.randomUUID(), rights);
  }

  private String token(String... rights) {
    return token(Map.of(room, List.of(rights)));
  }

  @Test
  void everybodyMayExactlyWhatTheTableSays() {
    String every = token(Map.of("*", List.of("read", "write", "signal", "presence", "admin")));
    new Calls(http, server, every).publish(room, "n", "1");
    record Who(String token, Set<String> rights) {}
    Map<String, Who> callers =
        Map.of(
            "nobody",
            new Who("", Set.of()),
            "stranger",
            new Who(token(Map.of()), Set.of()),
            "elsewhere",
            new Who(
                token(
                    Map.of(
                        room + "x",
                        List.of("read", "write", "signal", "presence"),
                        room.substring(0, room.length() - 1),
                        List.of("read", "write"),
                        "other:*",
                        List.of("read", "write", "signal", "presence"))),
                Set.of()),
            "reader",
            new Who(token("read"), Set.of("read")),
            "writer",
            new Who(token("write"), Set.of("write")),
            "signaller",
            new Who(token("signal"), Set.of("signal")),
            "present",
            new Who(token("presence"), Set.of("presence")),
            "member",
            new Who(token("read", "presence"), Set.of("read", "presence")),
            "moderator",
            new Who(token("admin"), Set.of("admin")),
            "operator",
            new Who(every, Set.of("read", "write", "signal", "presence", "admin everywhere")));
    Map<String, String> expected = new TreeMap<>();
    Map<String, String> seen = new TreeMap<>();
    for (Call call : calls()) {
      callers.forEach(
          (name, who) -> {
            String cell = name + ": " + call.name;
            String refusal = who.token.isEmpty() ? "unauthenticated" : "forbidden";
            expected.put(cell, who.rights.containsAll(call.needs) ? "ok" : refusal);
            seen.put(cell, call.outcome.apply(who.token));
          });
    }
    assertEquals(expected, seen);
  }

  /** What is refused says the same of a room that is there and of one that never was. */
  @Test
  void aForbiddenRoomIsLikeOneThatIsNotThere() {
    String inside = token("read", "write");
    Calls member = new Calls(http, server, inside);
    member.publish(room, "n", "1");
    Calls stranger = new Calls(http, server, token(Map.of("other:*", List.of("read"))));
    String missing = "/api/rooms/" + RoomNames.fresh();
    for (String more :
        List.of("", "/events", "/events/1", "/events?after=0.0", "/events?last=1", "/members")) {
      HttpResponse<String> there = stranger.send("GET", path + more, "");
      HttpResponse<String> nowhere = stranger.send("GET", missing + more, "");
      assertEquals(403, there.statusCode(), more);
      assertEquals(nowhere.statusCode(), there.statusCode(), more);
      assertEquals(nowhere.body(), there.body(), more);
      assertEquals(nowhere.headers().map().keySet(), there.headers().map().keySet(), more);
    }
    String listed =
        new Calls(http, server, token(Map.of("other:*", List.of("read"))))
            .send("GET", "/api/rooms?prefix=" + room, "")
            .body();
    assertFalse(listed.contains(room), listed);
  }

  /** A cursor is no right: whoever comes back without the right gets nothing by it. */
  @Test
  void whoLostTheRightComesBackToNothing() {
    String user = "u" + UUID.randomUUID();
    Calls before =
        new Calls(
            http, server, ProductionServer.token(user, Map.of(room, List.of("read", "write"))));
    before.publish(room, "n", "1");
    String cursor = before.page(path + "/events").getString("cursor");
    before.publish(room, "n", "2");
    String now = ProductionServer.token(user, Map.of("other:*", List.of("read")));
    Calls after = new Calls(http, server, now);
    String query = path + "/events?after=" + cursor;
    for (HttpResponse<String> refused :
        List.of(
            after.send("GET", query, ""),
            after.send("GET", query, "", "Prefer", "wait=20"),
            after.send("GET", path + "/events", "", "Last-Event-ID", cursor),
            after.send(
                "GET",
                path + "/events",
                "",
                "Last-Event-ID",
                cursor,
                "Accept",
                "text/event-stream"),
            after.send(
                "POST",
                "/api/streams",
                "{\"rooms\":[\"" + room + "\"],\"after\":\"" + cursor + "\"}",
                "Accept",
                "text/event-stream"))) {
      assertEquals(403, refused.statusCode(), refused.body());
      assertEquals("forbidden", Texts.object(refused.body()).getString("code"));
      assertFalse(refused.body().contains(cursor.substring(0, cursor.indexOf('.'))));
    }
    try (SocketClient client = SocketClient.connect(http, server, now)) {
      for (String type : List.of("join", "history")) {
        JsonObject answer =
            client.ask(type, "\"room\":\"" + room + "\",\"after\":\"" + cursor + '"');
        assertEquals("forbidden", answer.getString("code"), answer.toString());
        assertFalse(answer.containsKey("head") || answer.containsKey("cursor"), answer.toString());
      }
      before.publish(room, "n", "3");
      client.ask("ping", "");
      assertTrue(
          client.frames().stream().noneMatch(frame -> frame.getString("type").equals("event")));
    }
  }

  @Test
  void aTokenThatEndsEndsWhatItOpenedOnEachCarrier() throws Exception {
    String user = "u" + UUID.randomUUID();
    Map<String, List<String>> rights = Map.of("*", List.of("read", "write"));
    String lasting = ProductionServer.token(user, rights);
    new Calls(http, server, lasting).publish(room, "n", "1");
    String cursor = new Calls(http, server, lasting).page(path + "/events").getString("cursor");
    Duration life = Duration.ofSeconds(8);
    String brief = ProductionServer.token(user, Tokens.AUDIENCE, life, Tokens.RSA, rights);
    Duration patience = life.plusSeconds(15);
    try (SocketClient socket = SocketClient.connect(http, server, brief);
        SocketClient renewed = SocketClient.connect(http, server, brief);
        StreamClient stream = StreamClient.open(http, server, brief, path + "/events")) {
      CompletableFuture<HttpResponse<String>> poll =
          CompletableFuture.supplyAsync(
              () ->
                  new Calls(http, server, brief)
                      .send("GET", path + "/events?after=" + cursor, "", "Prefer", "wait=25"));
      socket.join(room, "");
      String other = ProductionServer.token("other" + user, rights);
      assertEquals(
          "forbidden", renewed.ask("auth", "\"token\":\"" + other + '"').getString("code"));
      renewed.ok("auth", "\"token\":\"" + lasting + '"');
      assertTrue(
          socket.take(f -> f.getString("type").equals("expiring"), patience).getInt("in") > 0);
      assertEquals(4002, socket.awaitClose(patience));
      String farewell = stream.take(e -> e.name().equals("carillon:goodbye"), patience).data();
      assertTrue(farewell.contains("expired"), farewell);
      // A poll has nothing to say goodbye with: it ends with what came, and the next one is
      // refused.
      HttpResponse<String> ended = poll.get(patience.toSeconds(), TimeUnit.SECONDS);
      if (ended.statusCode() == 200) {
        assertEquals(0, Texts.object(ended.body()).getJsonArray("events").size());
      } else {
        assertEquals(401, ended.statusCode());
      }
      assertEquals(
          401, new Calls(http, server, brief).send("GET", path + "/events", "").statusCode());
      assertEquals("pong", renewed.ask("ping", "").getString("type"));
    }
  }
}
