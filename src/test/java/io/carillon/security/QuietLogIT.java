package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.RawHttp;
import io.carillon.kit.client.RawHttp2;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server as in production, and requests that make no sense: none of them leaves a stack trace in
 * a file of the server, nor a line of its own words, and no answer names a class.
 */
final class QuietLogIT {
  private static final Pattern TRACE =
      Pattern.compile("(?m)^\\s+at [\\w.$/]+\\(|Exception|^forged");
  private static final Pattern CLASSES =
      Pattern.compile("\\b(io\\.carillon|java|jakarta|com\\.ibm|org\\.jboss)\\.[a-z]|Exception");

  private static LibertyServer server;
  private static String token;

  private Map<Path, Long> before;

  @BeforeAll
  static void start() {
    server = ProductionServer.server();
    token = ProductionServer.token("alice", Map.of("*", List.of("read", "write", "presence")));
  }

  @BeforeEach
  void sizes() throws IOException {
    before = new TreeMap<>();
    for (Path file : files()) {
      before.put(file, Files.size(file));
    }
  }

  @AfterEach
  void nothingWasWrittenThatAStrangerChose() throws IOException {
    for (Path file : files()) {
      String all = Files.readString(file, StandardCharsets.ISO_8859_1);
      String fresh = all.substring(before.getOrDefault(file, 0L).intValue());
      assertFalse(TRACE.matcher(fresh).find(), () -> file + ":\n" + fresh);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/rooms/./events",
        "GET /api/rooms/../events",
        "GET /api/rooms/a/../../x",
        "GET /api/rooms/%2e%2e/events",
        "GET /api/rooms/%2e/events",
        "GET /api/rooms/..%2f/events",
        "GET /api/../x",
        "GET /../x",
        "GET /x/../y",
        "GET /%2e%2e/x",
        "GET /api/rooms/%zz/events",
        "GET /api/rooms/%/events",
        "GET /api/rooms/%00/events",
        "GET /api/rooms/%0aforged/events",
        "GET /api/rooms/%ff/events",
        "GET /api/%0aforged",
        "GET /%0aforged",
        "GET /%zz",
        "GET /%00",
        "GET /health/%0aforged",
        "GET /api/rooms/a:b/events?limit=%zz",
        "GET /api/rooms/a:b/events?limit=%ff",
        "GET /api/rooms/a:b/events?%=%&%00=%0aforged",
        "GET /api/rooms?prefix=%zz",
        "GET /api/rooms?prefix=%00",
        "GET /api/rooms?prefix=a%00",
        "GET /api/events?room=%zz",
        "GET //api//rooms",
        "GET /api/rooms/a:b/events/",
        "FORGED /api/rooms/a:b/events",
        "FORGED /",
        "TRACE /api/rooms/a:b/events",
        "OPTIONS /api/rooms/a:b/events",
        "OPTIONS *",
        "CONNECT a:1"
      })
  void aPathThatMakesNoSense(String line) throws Exception {
    answered(line + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n");
    answered(line + " HTTP/1.1\r\nHost: a\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: /",
        "Content-Type: a",
        "Content-Type: a/b/c",
        "Content-Type: application/json;;charset",
        "Content-Type: application/json; charset=nowhere",
        "Content-Type: application/json; charset=\"",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: multipart/form-data",
        "Content-Type: ",
        "Content-Type: application/json\r\nAccept: a/b/c",
        "Content-Type: application/json\r\nAccept: ;q=x",
        "Content-Type: application/json\r\nAccept: application/json;q=x",
        "Content-Type: application/json\r\nAccept-Language: *-*;q=z",
        "Content-Type: application/json\r\nIf-Modified-Since: never",
        "Content-Type: application/json\r\nExpect: forged",
        "Content-Type: application/json\r\nCookie: a=\"; =;;$x=\"y",
        "Content-Type: application/json\r\nPrefer: wait=x;=;\"",
        "Content-Type: application/json\r\nTransfer-Encoding: forged",
        "Content-Type: application/json\r\nHost: b c"
      })
  void aHeaderThatMakesNoSense(String header) throws Exception {
    for (String line :
        new String[] {
          "POST /api/demo/token",
          "POST /api/rooms/a:b/events",
          "POST /api/streams",
          "PUT /api/rooms/a:b/members/me",
          "GET /api/rooms/a:b/events",
          "GET /api/rooms",
          "GET /carillon.js",
          "GET /health/ready"
        }) {
      String head = line + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n";
      answered(head + "Content-Length: 4\r\n" + header + "\r\n", "%zz=");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x\nforged: a line",
        "/x\r\nforged: a line",
        "/api/rooms/x\nforged/events",
        "/api/rooms/x\rforged/events",
        "/ws\nforged",
        "/\u0000",
        "/\u001b[31m",
        "/\u00e9",
        "/a b",
        "x",
        "",
        "/../x",
        "/?\nforged",
        "/health/\nforged",
        "/metrics\nforged"
      })
  void lineEndsThatCameOverHttp2(String path) throws Exception {
    for (URI each : addresses()) {
      RawHttp2.Answer answer =
          RawHttp2.send(
              each,
              ":method",
              "GET",
              ":scheme",
              each.getScheme(),
              ":authority",
              "127.0.0.1",
              ":path",
              path,
              "authorization",
              "Bearer " + token);
      assertFalse(answer.status() == 500, answer::toString);
      assertFalse(CLASSES.matcher(answer.body()).find(), answer::toString);
    }
  }

  private static List<URI> addresses() {
    return List.of(server.uri("/"), URI.create("https://127.0.0.1:" + server.httpsPort()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":method",
        ":scheme",
        ":authority",
        "authorization",
        "accept",
        "accept-language",
        "content-type",
        "cookie",
        "last-event-id",
        "origin",
        "prefer",
        "sec-fetch-site",
        "user-agent",
        "x-forwarded-proto"
      })
  void lineEndsInAField(String name) throws Exception {
    for (String path : new String[] {"/api/rooms/a:b/events", "/carillon.js", "/health/ready"}) {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put(":method", "GET");
      fields.put(":scheme", "https");
      fields.put(":authority", "127.0.0.1");
      fields.put(":path", path);
      fields.put("authorization", "Bearer " + token);
      fields.merge(name, "x\nforged: a line", (old, odd) -> old + odd);
      String[] flat =
          fields.entrySet().stream()
              .flatMap(field -> Stream.of(field.getKey(), field.getValue()))
              .toArray(String[]::new);
      RawHttp2.Answer answer = RawHttp2.send(addresses().getLast(), flat);
      assertFalse(answer.status() == 500, answer::toString);
      assertFalse(CLASSES.matcher(answer.body()).find(), answer::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%00", "a%00", "a%00:b", "a%20", "a%0A", "%C3%A9"})
  void aPrefixThatNoRoomHasIsABadRoom(String prefix) throws Exception {
    try (RawHttp client = new RawHttp(server.uri("/"))) {
      client.send(
          "GET /api/rooms?prefix=%s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                  .formatted(prefix, token)
              + "Connection: close\r\n\r\n");
      String all = client.all();
      assertTrue(all.startsWith("HTTP/1.1 400 "), all);
      assertTrue(all.contains("\"code\":\"bad_room\""), all);
    }
  }

  @Test
  void anOrdinaryRequestOverHttp2IsAnswered() throws Exception {
    RawHttp2.Answer answer =
        RawHttp2.send(
            server.uri("/"),
            ":method",
            "GET",
            ":scheme",
            "http",
            ":authority",
            "127.0.0.1",
            ":path",
            "/carillon.js");
    assertEquals(200, answer.status());
    assertTrue(answer.body().contains("export"), answer::body);
  }

  private static void answered(String head) throws IOException {
    answered(head, "");
  }

  private static void answered(String head, String body) throws IOException {
    try (RawHttp client = new RawHttp(server.uri("/"))) {
      client.send(head + "Connection: close\r\n\r\n" + body);
      String all = client.all();
      assertFalse(all.startsWith("HTTP/1.1 5"), () -> head + " is answered " + all);
      assertFalse(CLASSES.matcher(all).find(), () -> head + " is answered " + all);
    }
  }

  private static List<Path> files() {
    try (Stream<Path> logs = Files.walk(server.messages().getParent())) {
      return Stream.concat(logs.filter(Files::isRegularFile), Stream.of(server.console()))
          // Where the container puts what server.xml hides; bounded, and its own words.
          .filter(file -> !file.endsWith("trace.log"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
