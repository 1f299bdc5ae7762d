package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RawHttp;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.Texts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, from which page, and what the answer says: the same on every carrier. */
@Timeout(120)
final class CarriersIT {
  private static final List<String> LINES =
      List.of("POST /api/events", "GET /api/rooms/carriers:x/events", "GET /carillon.js");

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server = ProductionServer.uri();
  private final String room = RoomNames.fresh();
  private final String user = "u" + UUID.randomUUID();
  private final String token = ProductionServer.token(user);
  private final String bearer = "Authorization: Bearer " + token + "\r\n";
  private final Calls calls = new Calls(http, server, token);

  @BeforeEach
  void oneEvent() {
    calls.publish(room, "n", "1");
  }

  @AfterEach
  void close() {
    http.close();
  }

  @ParameterizedTest
  @EnumSource
  void aCookieCountsFromPagesOfOursAlone(CarrierCall carrier) throws IOException {
    String cookie = "Cookie: carillon_token=" + token + "\r\n";
    for (String origin :
        new String[] {
          "https://evil.example",
          "null",
          "https://app.example.com.evil.io",
          "https://evil.io/https://app.example.com",
          "http://app.example.com",
          "https://app.example.com:444",
          "https://xapp.example.com",
          "*"
        }) {
      String head = carrier.head(server, room, "", cookie + "Origin: " + origin + "\r\n");
      assertTrue(head.startsWith("http/1.1 403 "), origin + ": " + head);
      assertFalse(head.contains("access-control-"), head);
    }
    for (String origin :
        new String[] {ProductionServer.LISTED, "http://" + server.getAuthority()}) {
      String given = cookie + "Origin: " + origin + "\r\n";
      assertEquals(carrier.good, carrier.status(server, room, "", given), origin);
    }
    // A browser says where a socket or a post comes from; reading without that changes nothing.
    boolean reads = !carrier.writes() && carrier != CarrierCall.SOCKET;
    assertEquals(reads ? carrier.good : 403, carrier.status(server, room, "", cookie));
    String foreign = cookie + "Sec-Fetch-Site: cross-site\r\n";
    assertEquals(403, carrier.status(server, room, "", foreign));
  }

  @ParameterizedTest
  @EnumSource
  void withoutAGoodCredentialNothingBegins(CarrierCall carrier) throws IOException {
    Map<String, List<String>> all = Map.of("*", List.of("read", "write"));
    Duration minute = Duration.ofMinutes(1);
    for (String bad :
        new String[] {
          "",
          "Authorization: Bearer\r\n",
          "Authorization: Bearer x.y.z\r\n",
          "Authorization: Basic YTpi\r\n",
          bearer(ProductionServer.token(user, "carillon", minute.negated(), Tokens.RSA, all)),
          bearer(ProductionServer.token(user, "another", minute, Tokens.RSA, all)),
          bearer(ProductionServer.token(user, "carillon", minute, Tokens.OTHER_RSA, all)),
          bearer(token.substring(0, token.lastIndexOf('.') + 1)),
          bearer + bearer(ProductionServer.token("other"))
        }) {
      assertEquals(401, carrier.status(server, room, "", bad), bad);
    }
    assertEquals(carrier.good, carrier.status(server, room, "", bearer));
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token + "\r\n";
  }

  @ParameterizedTest
  @EnumSource
  void aTokenInTheQueryIsRefusedAndWrittenNowhere(CarrierCall carrier) throws IOException {
    String canary = "canary" + UUID.randomUUID().toString().replace("-", "");
    String secret = "eyJhbGciOiJSUzI1NiJ9.e30." + canary;
    for (String query : new String[] {"access_token=" + secret, "token=" + secret, "x=" + secret}) {
      assertEquals(400, carrier.status(server, room, query, bearer), query);
    }
    String head = carrier.head(server, room, "", "Authorization: Bearer " + secret + "\r\n");
    assertTrue(head.startsWith("http/1.1 401 "), head);
    assertFalse(head.contains(canary), head);
    assertFalse(ProductionServer.logs().contains(canary));
  }

  @ParameterizedTest
  @EnumSource
  void aTicketIsGoodOnceAndWhereItIsFor(CarrierCall carrier) throws IOException {
    String ticket = Texts.object(calls.send("POST", "/api/tickets", "").body()).getString("ticket");
    boolean reads = carrier != CarrierCall.PUBLISH;
    String query = "ticket=" + ticket;
    assertEquals(reads ? carrier.good : 401, carrier.status(server, room, query, ""));
    assertEquals(401, CarrierCall.SOCKET.status(server, room, reads ? query : "ticket=x", ""));
    assertEquals(401, carrier.status(server, room, query.substring(0, query.length() - 1), ""));
  }

  @ParameterizedTest
  @EnumSource
  void noPageOfAnotherOriginReadsAnAnswer(CarrierCall carrier) throws IOException {
    for (String origin : new String[] {"https://evil.example", "null", "http://localhost"}) {
      String head = carrier.head(server, room, "", bearer + "Origin: " + origin + "\r\n");
      assertTrue(head.startsWith("http/1.1 " + carrier.good), head);
      assertFalse(head.contains("access-control-"), head);
      assertTrue(carrier == CarrierCall.SOCKET || head.contains("no-store"), head);
      assertFalse(head.contains("\r\nserver:") || head.contains("\r\nx-powered-by:"), head);
    }
  }

  @Test
  void aPreflightOfAnotherOriginAllowsNothing() {
    for (String path : List.of("/api/events", "/api/rooms/" + room + "/events", "/api/streams")) {
      var answer =
          calls.send(
              "OPTIONS",
              path,
              "",
              "Origin",
              "https://evil.example",
              "Access-Control-Request-Method",
              "POST",
              "Access-Control-Request-Headers",
              "authorization");
      assertEquals(403, answer.statusCode(), path);
      assertTrue(
          answer.headers().map().keySet().stream()
              .noneMatch(h -> h.toLowerCase(Locale.ROOT).startsWith("access-control-allow")),
          () -> answer.headers().map().toString());
    }
  }

  /** Nobody compresses: what is small on the way could be large here. */
  @Test
  void noExtensionIsAgreedUpon() throws IOException {
    String offer =
        bearer
            + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-y\r\n"
            + "Sec-WebSocket-Protocol: carillon.v1\r\n";
    String head = CarrierCall.SOCKET.head(server, room, "", offer);
    assertTrue(head.startsWith("http/1.1 101 "), head);
    assertFalse(head.contains("sec-websocket-extensions"), head);
  }

  @Test
  void oddHandshakesAreRefusedAndTheNextOneIsGood() throws IOException {
    String upgrade = "GET /ws HTTP/1.1\r\nHost: a\r\n" + bearer;
    String good = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
    String key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    String canary = "canary" + UUID.randomUUID();
    for (String odd :
        new String[] {
          good + key + "X-A: b\r\n".repeat(2_000),
          good + key + "X-A: " + "b".repeat(65_536) + "\r\n",
          good + key + "Sec-WebSocket-Protocol: " + " ".repeat(32_000) + ",x\r\n",
          good + key + "Sec-WebSocket-Protocol: carillon.v1%0d%0aX-Forged: 1\r\n",
          good.replace("13", "7") + key,
          good.replace("13", canary) + key,
          good,
          good + "Sec-WebSocket-Key: \r\n",
          good + "Sec-WebSocket-Key: " + canary + "\r\n"
        }) {
      try (RawHttp raw = new RawHttp(server)) {
        String head = answer(raw, upgrade + odd + "\r\n").toLowerCase(Locale.ROOT);
        assertTrue(
            head.isEmpty() || head.startsWith("http/1.1 4"),
            () -> odd.substring(0, Math.min(200, odd.length())) + " is answered " + head);
        assertFalse(head.contains("\r\nx-forged"), head);
      }
    }
    assertEquals(101, CarrierCall.SOCKET.status(server, room, "", bearer));
    assertFalse(ProductionServer.logs().contains(canary), "a stranger's word is in a file");
  }

  /** Whoever stands in front may end such a request elsewhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nContent-Length: 4",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: \u000bchunked",
        "Content-Length: 4\r\nX-A: a\u0000b",
        "Content-Length: 4\r\nHost: b",
        "Content-Length\u0000: 4"
      })
  void aRequestThatMayEndElsewhereIsRefusedAndNothingFollowsIt(String fields) throws IOException {
    for (String line : LINES) {
      String answer = onlyAnswer(line, fields);
      assertTrue(answer.matches("(?s)HTTP/1\\.[01] 400 .*"), () -> fields + ": " + answer);
    }
    assertEquals(201, CarrierCall.PUBLISH.status(server, room, "", bearer));
  }

  /** Of these the container makes something, and no filter sees how they came. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 2"
      })
  void afterARequestOfUnclearLengthNothingFollows(String fields) throws IOException {
    for (String line : LINES) {
      String answer = onlyAnswer(line, fields);
      assertTrue(answer.startsWith("HTTP/1.1 "), () -> fields + ": " + answer);
    }
    assertEquals(201, CarrierCall.PUBLISH.status(server, room, "", bearer));
  }

  /** The head of the answer to a request with these fields, after which no other may come. */
  private String onlyAnswer(String line, String fields) throws IOException {
    try (RawHttp raw = new RawHttp(server)) {
      String head = line + " HTTP/1.1\r\nHost: a\r\n" + bearer + fields + "\r\n\r\n";
      String next = "GET /carillon.js HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      raw.send(head + "4\r\nnull\r\n0\r\n\r\n" + next);
      String answer = raw.head();
      String rest = rest(raw);
      assertFalse(rest.contains("HTTP/1"), () -> fields + ": " + rest);
      return answer;
    }
  }

  /** What comes until the end, which may be a reset: there was more to read. */
  private static String rest(RawHttp raw) throws IOException {
    try {
      return raw.all();
    } catch (java.net.SocketException reset) {
      return "";
    }
  }

  @Test
  void aRequestForNoHostIsRefused() throws IOException {
    try (RawHttp raw = new RawHttp(server)) {
      assertTrue(raw.send("GET /carillon.js HTTP/1.1\r\n\r\n").head().startsWith("HTTP/1.1 400 "));
    }
  }

  /** Empty if the server has closed without a word, perhaps while there was more to send. */
  private static String answer(RawHttp raw, String request) {
    try {
      return raw.send(request).head();
    } catch (java.net.SocketException closed) {
      return "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void lineEndsInAPathMakeNoHeaderOfARedirect() throws IOException {
    for (String path :
        List.of("/chat%0d%0aX-Forged:%201", "/chat?%0d%0aX-Forged:%201", "/docs%0aX-Forged:1")) {
      try (RawHttp raw = new RawHttp(server)) {
        String head =
            raw.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").head();
        assertFalse(head.toLowerCase(Locale.ROOT).contains("\r\nx-forged"), head);
        assertFalse(head.startsWith("HTTP/1.1 5"), head);
      }
    }
  }

  @Test
  void whatNeedsNoCredentialTellsNothing() {
    Calls nobody = new Calls(http, server, "");
    for (String path : List.of("/health", "/health/live", "/health/ready", "/health/started")) {
      var answer = nobody.send("GET", path, "");
      assertEquals(200, answer.statusCode(), path);
      String said = answer.body();
      assertFalse(said.contains("jdbc") || said.contains("postgres") || said.contains("/"), said);
    }
    for (String path :
        List.of("instances", "connections", "audit", "bans", "rooms", "limits", "outbox")) {
      assertEquals(401, nobody.send("GET", "/api/admin/" + path, "").statusCode(), path);
      assertEquals(403, calls.send("GET", "/api/admin/" + path, "").statusCode(), path);
    }
    assertEquals(401, nobody.send("POST", "/api/admin/drain", "{}").statusCode());
    int demo = nobody.send("POST", "/api/demo/token", "{\"user\":\"a\"}").statusCode();
    assertTrue(demo == 401 || demo == 403 || demo == 404, "there is no demo here: " + demo);
    String basic = "Basic YWRtaW46YWRtaW4=";
    assertEquals(
        401, nobody.send("GET", "/api/admin/bans", "", "Authorization", basic).statusCode());
  }
}
