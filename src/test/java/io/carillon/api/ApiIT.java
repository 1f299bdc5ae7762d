package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The REST side over two real servers: one is asked, the other must agree. */
class ApiIT {
  private static final Cluster CLUSTER = Cluster.shared();
  private static final String CLOUD_EVENT =
      "{\"specversion\":\"1.0\",\"id\":\"%s\",\"type\":\"t.x\",\"source\":\"/s\",%s\"data\":%s}";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI first = CLUSTER.server(0).uri("/");
  private final URI second = CLUSTER.server(1).uri("/");
  private final String user = "user-" + UUID.randomUUID();
  private final String room = "api:" + UUID.randomUUID();
  private final Calls calls = new Calls(http, first, Calls.demoToken(http, first, user));
  private final Calls other = new Calls(http, second, calls.token());
  private final String events = "/api/rooms/" + room + "/events";

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void aKeyPublishesOnceOnWhateverInstance() {
    HttpResponse<String> once =
        calls.send(
            "POST", events, "{\"name\":\"x\",\"data\":{ \"a\" : 1.0 }}", "Idempotency-Key", "k 1");
    HttpResponse<String> again =
        other.send("POST", events, "{\"name\":\"y\",\"data\":2}", "Idempotency-Key", "\"k 1\"");

    assertEquals(201, once.statusCode());
    assertEquals(200, again.statusCode());
    JsonObject published = Texts.object(once.body());
    JsonObject duplicate = Texts.object(again.body());
    assertEquals("k 1", published.getString("id"));
    assertEquals(1, published.getInt("seq"));
    assertFalse(published.getBoolean("duplicate"));
    assertTrue(duplicate.getBoolean("duplicate"));
    assertEquals(1, duplicate.getInt("seq"));
    String cursor = published.getString("epoch") + ".1";
    assertEquals(cursor, once.headers().firstValue("Carillon-Cursor").orElseThrow());
    assertEquals(cursor, again.headers().firstValue("Carillon-Cursor").orElseThrow());
    String page = other.send("GET", events, "").body();
    assertTrue(page.contains("\"data\":{ \"a\" : 1.0 }"), page);
    assertEquals(user, Texts.object(page).getJsonArray("events").getJsonObject(0).getString("by"));
  }

  @Test
  void cloudEventsInAllThreeModes() {
    assertEquals(
        201,
        calls
            .send(
                "POST",
                events,
                CLOUD_EVENT.formatted("c1", "", "{\"n\":1.10}"),
                "Content-Type",
                "application/cloudevents+json; charset=UTF-8")
            .statusCode());
    assertEquals(
        201,
        calls
            .send(
                "POST",
                events,
                "[1 , 2]",
                "ce-specversion",
                "1.0",
                "ce-id",
                "c2",
                "ce-type",
                "t.y",
                "ce-source",
                "/s")
            .statusCode());
    HttpResponse<String> batch =
        calls.send(
            "POST",
            "/api/events",
            '[' + CLOUD_EVENT.formatted("c3", "\"subject\":\"" + room + "\",", "3") + ']',
            "Content-Type",
            "application/cloudevents-batch+json");
    assertEquals(200, batch.statusCode());

    JsonArray read = calls.page(events).getJsonArray("events");
    assertEquals(
        List.of("c1", "c2", "c3"), read.getValuesAs(e -> e.asJsonObject().getString("id")));
    assertEquals("t.y", read.getJsonObject(1).getString("name"));
    assertEquals("/s", read.getJsonObject(0).getJsonObject("meta").getString("source"));
    assertTrue(calls.send("GET", events, "").body().contains("\"data\":{\"n\":1.10}"));
  }

  @Test
  void oneIdOfTwoSourcesIsTwoCloudEventsInEachMode() {
    String structured = "application/cloudevents+json";
    String kitchen = source("/kitchen", "");
    String cellar = source("/cellar", "");
    assertEquals(201, calls.send("POST", events, kitchen, "Content-Type", structured).statusCode());
    assertEquals(201, calls.send("POST", events, cellar, "Content-Type", structured).statusCode());
    assertEquals(200, calls.send("POST", events, kitchen, "Content-Type", structured).statusCode());
    assertEquals(200, binary("/cellar").statusCode());
    assertEquals(201, binary("/attic").statusCode());
    String subject = "\"subject\":\"" + room + "\",";
    HttpResponse<String> batch =
        calls.send(
            "POST",
            "/api/events",
            '[' + source("/attic", subject) + ',' + source("/roof", subject) + ']',
            "Content-Type",
            "application/cloudevents-batch+json");
    assertEquals(
        List.of(200, 201),
        Texts.value(batch.body())
            .asJsonArray()
            .getValuesAs((JsonValue r) -> r.asJsonObject().getInt("status")));
    JsonArray read = calls.page(events).getJsonArray("events");
    assertEquals(
        List.of("/kitchen", "/cellar", "/attic", "/roof"),
        read.getValuesAs(e -> e.asJsonObject().getJsonObject("meta").getString("source")));
    assertEquals(
        List.of("1", "1", "1", "1"), read.getValuesAs(e -> e.asJsonObject().getString("id")));
  }

  private static String source(String source, String more) {
    return "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"reading\","
        + more
        + "\"source\":\""
        + source
        + "\",\"data\":1}";
  }

  private HttpResponse<String> binary(String source) {
    return calls.send(
        "POST",
        events,
        "1",
        "ce-specversion",
        "1.0",
        "ce-id",
        "1",
        "ce-type",
        "reading",
        "ce-source",
        source);
  }

  @Test
  void aBatchIsAnsweredInOrderAndOneBadEventSpoilsNoOther() {
    HttpResponse<String> answer =
        calls.send(
            "POST",
            "/api/events",
            "[{\"room\":\"%s\",\"name\":\"a\",\"data\":1,\"key\":\"b1\"},{\"room\":\"a b\",\"name\":\"a\",\"data\":1},"
                    .formatted(room)
                + "{\"room\":\"carillon:x\",\"name\":\"a\",\"data\":1},7,"
                + "{\"room\":\"%s\",\"name\":\"a\",\"data\":2},{\"room\":\"%s\",\"name\":\"a\",\"data\":3,\"key\":\"b1\"}]"
                    .formatted(room, room));

    assertEquals(200, answer.statusCode());
    JsonArray results = Texts.value(answer.body()).asJsonArray();
    assertEquals(
        List.of(201, 400, 403, 400, 201, 200),
        results.getValuesAs((JsonValue r) -> r.asJsonObject().getInt("status")));
    assertEquals("bad_room", results.getJsonObject(1).getString("code"));
    assertEquals("bad_frame", results.getJsonObject(3).getString("code"));
    assertEquals(2, results.getJsonObject(4).getInt("seq"));
    assertEquals(1, results.getJsonObject(5).getInt("seq"));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /events, application/x-www-form-urlencoded, 415, unsupported",
    "POST, /events, text/plain, 415, unsupported",
    "POST, /events, application/json;charset=latin1, 415, unsupported",
    "POST, /events, application/cloudevents-batch+json, 415, unsupported",
    "POST, /events, application/json, 400, bad_name",
    "POST, /signals, application/json, 400, bad_data",
    "PUT, /events, application/json, 405, unsupported",
    "DELETE, /events, application/json, 405, unsupported",
    "PATCH, '', application/json, 405, unsupported",
    "POST, /nothing, application/json, 404, not_found",
    "POST, ;x/events, application/json, 400, bad_room",
    "POST, %20/events, application/json, 400, bad_room",
    "POST, %3B/events, application/json, 400, bad_room"
  })
  void refusalsAreProblems(String method, String path, String type, int status, String code) {
    HttpResponse<String> answer =
        calls.send(method, "/api/rooms/" + room + path, "{\"x\":1}", "Content-Type", type);

    assertEquals(status, answer.statusCode(), answer.body());
    problem(code, answer);
  }

  @Test
  void bodiesAreBoundedWithAndWithoutALength() throws Exception {
    String large = " ".repeat(1024 * 1024) + "{}";
    problem("too_large", calls.send("POST", events, large));
    HttpRequest unknownLength =
        HttpRequest.newBuilder(first.resolve(events))
            .header("Authorization", "Bearer " + calls.token())
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))))
            .build();
    HttpResponse<String> answer = http.send(unknownLength, HttpResponse.BodyHandlers.ofString());
    assertEquals(413, answer.statusCode());
    problem("too_large", answer);
    problem(
        "too_large",
        calls.send("POST", events, "{\"name\":\"x\",\"data\":\"" + "a".repeat(65_536) + "\"}"));
    problem(
        "unsupported",
        calls.send("POST", events, "{\"name\":\"x\",\"data\":1}", "Content-Encoding", "gzip"));
    assertEquals(0, calls.page(events).getJsonArray("events").size());
  }

  @Test
  void credentialsAreAskedBeforeAnythingElse() {
    Calls nobody = new Calls(http, first, "");
    problem("unauthenticated", nobody.send("GET", events, ""));
    problem("unauthenticated", new Calls(http, first, "x.y.z").send("GET", events, ""));
    problem("bad_frame", nobody.send("GET", events + "?access_token=" + calls.token(), ""));
    String cookie = "carillon_token=" + calls.token();
    // Reading changes nothing: a browser that does not say whose page asks may, see decision 0008.
    assertEquals(200, nobody.send("GET", events, "", "Cookie", cookie).statusCode());
    assertEquals(
        200,
        nobody
            .send("GET", events, "", "Cookie", cookie, "Sec-Fetch-Site", "same-origin")
            .statusCode());
    for (String site : new String[] {"cross-site", "same-site", "none", ""}) {
      problem(
          "forbidden", nobody.send("GET", events, "", "Cookie", cookie, "Sec-Fetch-Site", site));
    }
    problem(
        "forbidden",
        nobody.send("GET", events, "", "Cookie", cookie, "Origin", "https://evil.example"));
    String body = "{\"name\":\"x\",\"data\":1}";
    problem("forbidden", nobody.send("POST", events, body, "Cookie", cookie));
    problem(
        "forbidden",
        nobody.send("POST", events, body, "Cookie", cookie, "Sec-Fetch-Site", "same-origin"));
    problem(
        "forbidden",
        nobody.send("POST", events, body, "Cookie", cookie, "Origin", "https://evil.example"));
    assertEquals(
        201,
        nobody
            .send(
                "POST",
                events,
                body,
                "Cookie",
                cookie,
                "Origin",
                first.toString().replaceAll("/$", ""))
            .statusCode());
  }

  @Test
  void answersTellBrowsersToDoLittle() {
    HttpResponse<String> answer = calls.send("GET", events, "", "Origin", "https://evil.example");
    assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElseThrow());
    assertTrue(answer.headers().firstValue("Cache-Control").orElseThrow().contains("no-store"));
    assertTrue(
        answer.headers().map().keySet().stream()
            .noneMatch(h -> h.toLowerCase(java.util.Locale.ROOT).startsWith("access-control")));
    assertTrue(answer.headers().firstValue("Set-Cookie").isEmpty());
    assertTrue(answer.headers().firstValue("Server").isEmpty());
  }

  @Test
  void whatTheContainerRefusesNamesNoClass() {
    // HTTP/1.1: the container leaves an upgrade to cleartext HTTP/2 unanswered on its own 404s.
    HttpClient plain = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    Calls calls = new Calls(plain, first, this.calls.token());
    for (String path : List.of("/nothing", "/errors", "/api/rooms/a%2Fb/events")) {
      String body = calls.send("GET", path, "").body();
      assertFalse(body.contains("java.") || body.contains("com.ibm"), body);
    }
  }

  @Test
  void aTicketOpensOneStreamAndItsCookieOpensItAgain() throws Exception {
    HttpResponse<String> made = calls.send("POST", "/api/tickets", "");
    assertEquals(201, made.statusCode());
    String url = events + "?ticket=" + Texts.object(made.body()).getString("ticket");

    HttpResponse<java.io.InputStream> stream = stream(second, url, "");
    assertEquals(200, stream.statusCode());
    stream.body().close();
    String cookie = stream.headers().firstValue("Set-Cookie").orElseThrow();
    assertTrue(cookie.contains("HttpOnly"), cookie);
    HttpResponse<java.io.InputStream> again = stream(first, url, "");
    assertEquals(401, again.statusCode());
    again.body().close();
    HttpResponse<java.io.InputStream> back =
        stream(first, url, cookie.substring(0, cookie.indexOf(';')));
    assertEquals(200, back.statusCode());
    back.body().close();
    problem(
        "unauthenticated",
        new Calls(http, first, "")
            .send(
                "POST",
                "/api/tickets?ticket=abc",
                "",
                "Cookie",
                cookie.substring(0, cookie.indexOf(';'))));
  }

  @Test
  void aRevokedTokenIsRefusedEverywhereAndANewOneIsNot() throws Exception {
    Calls operator = Calls.operator(http, first);
    problem("forbidden", calls.send("DELETE", "/api/users/" + user + "/connections", ""));
    assertEquals(200, calls.send("GET", events, "").statusCode());

    assertEquals(
        204,
        operator
            .send("DELETE", "/api/users/" + user + "/connections?revoke=true", "")
            .statusCode());

    problem("unauthenticated", calls.send("GET", events, ""));
    for (int tries = 0; other.send("GET", events, "").statusCode() != 401; tries++) {
      assertTrue(tries < 250, "still let in on the other instance after 5 s");
      LockSupport.parkNanos(20_000_000);
    }
    Calls renewed = new Calls(http, second, Calls.demoToken(http, second, user));
    assertEquals(200, renewed.send("GET", events, "").statusCode());
  }

  @Test
  void operatorsSetNamespaces() {
    String path = "/api/namespaces/n" + UUID.randomUUID().toString().replace("-", "");
    problem("forbidden", calls.send("GET", path, ""));
    Calls operator = Calls.operator(http, first);
    assertEquals(
        1000, Texts.object(operator.send("GET", path, "").body()).getInt("membersListLimit"));
    assertEquals(200, operator.send("PUT", path, "{\"membersListLimit\":5}").statusCode());
    JsonObject now = Texts.object(operator.send("GET", path, "").body());
    assertEquals(5, now.getInt("membersListLimit"));
    assertEquals(65_536, now.getInt("dataLimit"));
    problem("bad_data", operator.send("PUT", path, "{\"dataLimit\":0}"));
  }

  private HttpResponse<java.io.InputStream> stream(URI server, String url, String cookie)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(url)).header("Accept", "text/event-stream");
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private static void problem(String code, HttpResponse<String> answer) {
    assertEquals(
        "application/problem+json",
        answer.headers().firstValue("Content-Type").orElse(""),
        answer.body());
    JsonObject problem = Texts.object(answer.body());
    assertEquals(code, problem.getString("code"));
    assertEquals(answer.statusCode(), problem.getInt("status"));
  }
}
