package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.spi.CarillonPrincipal;
import io.carillon.core.spi.ClusterSecrets;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.StreamPasses;
import io.carillon.core.spi.Tickets;
import io.carillon.core.spi.UncheckedPrincipal;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialFilterTest {
  private static final String GOOD = Tokens.rs256(Tokens.claims().build());
  private static final String OWN_ORIGIN = "http://app.local:9080";

  private final ClusterSecrets secrets = Tokens.secrets();
  private final RevocationList revocations =
      new RevocationList(Tokens.noRevocations(), Tokens.KEPT, Tokens.noBans());
  private final MemoryTickets store = new MemoryTickets();
  private final TicketDesk tickets = new TicketDesk(store, Tokens.CLOCK);
  private final CredentialFilter filter =
      new CredentialFilter(
          Tokens.settings(true),
          new TokenCredentials(
              Tokens.settings(true), secrets, revocations, new SecureRandom(), Tokens.CLOCK),
          tickets,
          new MemoryPasses(),
          revocations,
          new SecureRandom(),
          new CredentialFilter.PathRules("/ws"::equals, "/open"::equals));

  private @Nullable HttpServletRequest passed;
  private Responses response = new Responses();

  @BeforeEach
  void nothingPassedYet() {
    passed = null;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ws", "/api/rooms", "/api/rooms/a/events", "/api/nothing"})
  void withoutCredentialNothingPasses(String path) throws Exception {
    refused(401, "unauthenticated", Requests.of("GET", path));
    assertEquals(List.of("Bearer realm=\"carillon\""), response.header("WWW-Authenticate"));
    assertEquals(List.of("application/problem+json"), response.header("Content-Type"));
    assertEquals(List.of("no-store"), response.header("Cache-Control"));
  }

  @Test
  void whereNobodyMayComeABadCredentialIsRefusedAllTheSame() throws Exception {
    pass(Requests.of("GET", "/open"));
    assertFalse(Objects.requireNonNull(passed).getUserPrincipal() instanceof CarillonPrincipal);
    assertEquals(
        "alice", user(Requests.of("GET", "/open").header("Authorization", "Bearer " + GOOD)));
    refused(
        401, "unauthenticated", Requests.of("GET", "/open").header("Authorization", "Bearer x"));
    refused(401, "unauthenticated", Requests.of("GET", "/open?ticket=x"));
  }

  @Test
  void aBearerTokenPassesFromAnyOriginAndWithoutOne() throws Exception {
    assertEquals(
        "alice",
        user(Requests.of("POST", "/api/events").header("Authorization", "Bearer " + GOOD)));
    assertEquals(
        "alice",
        user(
            Requests.of("GET", "/ws")
                .header("authorization", "bearer   " + GOOD)
                .header("Origin", "https://evil.example")));
    assertNull(Objects.requireNonNull(passed).getSession());
    assertNull(passed.getSession(true));
    assertFalse(passed.getUserPrincipal().toString().contains(GOOD));
  }

  @Test
  void aBadBearerTokenIsNotMadeGoodByTheCookie() throws Exception {
    refused(
        401,
        "unauthenticated",
        Requests.of("GET", "/api/rooms")
            .header("Authorization", "Bearer x")
            .header("Origin", OWN_ORIGIN)
            .cookie("carillon_token", GOOD));
    refused(
        401,
        "unauthenticated",
        Requests.of("GET", "/api/rooms")
            .header("Authorization", "Bearer " + GOOD)
            .header("Authorization", "Bearer " + GOOD + "x"));
  }

  @Test
  void anotherSchemeIsNoBearerToken() throws Exception {
    assertEquals(
        "alice",
        user(
            Requests.of("POST", "/api/events")
                .header("Authorization", "Basic YTpi")
                .header("Origin", OWN_ORIGIN)
                .cookie("carillon_token", GOOD)));
  }

  @ParameterizedTest
  @CsvSource({
    "http://app.local:9080, true",
    "https://app.example.com, true",
    "https://app.example.com:443, true",
    "HTTPS://APP.example.com, true",
    "https://evil.example, false",
    "https://app.example.com.evil.io, false",
    "https://notapp.example.com, false",
    "http://app.example.com, false",
    "https://app.example.com:8443, false",
    "https://app.example.com/, false",
    "http://app.local, false",
    "https://app.local:9080, false",
    "null, false",
    "file://, false",
    "'', false"
  })
  void theCookieCountsFromGoodOriginsOnly(String origin, boolean good) throws Exception {
    for (String target : List.of("GET /ws", "POST /api/events", "GET /api/rooms")) {
      String[] line = target.split(" ", -1);
      Requests request =
          Requests.of(line[0], line[1]).header("Origin", origin).cookie("carillon_token", GOOD);
      if (good) {
        assertEquals("alice", user(request), target);
      } else {
        refused(403, "forbidden", request);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/rooms, , true",
    "GET, /api/rooms/a/events, , true",
    "GET, /api/events, , true",
    "GET, /ws, , false",
    "POST, /api/events, , false",
    "POST, /api/streams, , false",
    "PUT, /api/rooms/a/members/me, , false",
    "DELETE, /api/rooms/a/members/me, , false",
    "GET, /api/rooms, same-origin, true",
    "GET, /api/rooms/a/events, same-origin, true",
    "HEAD, /api/rooms, same-origin, true",
    "GET, /api/rooms, same-site, false",
    "GET, /api/rooms, cross-site, false",
    "GET, /api/rooms, none, false",
    "GET, /ws, same-origin, false",
    "POST, /api/events, same-origin, false",
    "PUT, /api/rooms/a/members/me, same-origin, false",
    "DELETE, /api/rooms/a/members/me, same-origin, false"
  })
  void withoutOriginOnlyReadingPassesAndNotIfTheBrowserSaysItIsAnothers(
      String method, String path, @Nullable String site, boolean good) throws Exception {
    Requests request = Requests.of(method, path).cookie("carillon_token", GOOD);
    if (site != null) {
      request.header("Sec-Fetch-Site", site);
    }
    if (good) {
      assertEquals("alice", user(request));
    } else {
      refused(403, "forbidden", request);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "app.local, http://app.local:9080, true",
    "APP.local, http://app.local:9080, true",
    "::1, http://[::1]:9080, true",
    "[::1], http://[::1]:9080, true",
    "app.local, http://app.local, false",
    "app.local, http://evil.example:9080, false",
    "'', http://:9080, false"
  })
  void withoutHostTheOwnOriginIsTheNameThatWasAskedFor(String name, String origin, boolean good)
      throws Exception {
    Requests request =
        Requests.of("POST", "/api/events")
            .withoutHost(name)
            .header("Origin", origin)
            .cookie("carillon_token", GOOD);
    if (good) {
      assertEquals("alice", user(request));
    } else {
      refused(403, "forbidden", request);
    }
  }

  /** A page behind a proxy that puts another Host in can read why it is refused. */
  @Test
  void aRefusalForTheOriginSaysInDemoModeOfWhich() throws Exception {
    String words = "Pages of http://localhost:5173 are not allowed here";
    refused(
        403,
        "forbidden",
        Requests.of("POST", "/api/events")
            .header("Origin", "http://localhost:5173")
            .cookie("carillon_token", GOOD));
    assertTrue(response.body().contains(words), response.body());
    refused(
        403,
        "forbidden",
        Requests.of("POST", "/api/demo/token").header("Origin", "http://localhost:5173"));
    assertTrue(response.body().contains(words), response.body());
  }

  @Test
  void twoOriginsAreNone() throws Exception {
    refused(
        403,
        "forbidden",
        Requests.of("GET", "/api/rooms")
            .header("Origin", OWN_ORIGIN)
            .header("Origin", "https://evil.example")
            .cookie("carillon_token", GOOD));
  }

  @Test
  void twoCookiesThatDifferAreNone() throws Exception {
    refused(
        401,
        "unauthenticated",
        Requests.of("GET", "/api/rooms")
            .header("Sec-Fetch-Site", "same-origin")
            .cookie("carillon_token", GOOD)
            .cookie("carillon_token", "other"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "access_token=abc",
        "token=abc",
        "Access_Token=abc",
        "access%5Ftoken=abc",
        "id_token=",
        "ticket=eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
        "x=eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
        "ticket=%65yJhbGciOiJSUzI1NiJ9.e30.c2ln"
      })
  void aTokenInTheQueryIsRefusedWhateverElseIsThere(String query) throws Exception {
    for (String path : List.of("/ws", "/api/rooms/a/events")) {
      refused(
          400,
          "bad_frame",
          Requests.of("GET", path + '?' + query).header("Authorization", "Bearer " + GOOD));
    }
  }

  @Test
  void aTicketLetsInOnce() throws Exception {
    String ticket = tickets.issue(Tokens.identity("tina")).secret();
    assertEquals("tina", user(Requests.of("GET", "/ws?ticket=" + ticket)));
    refused(401, "unauthenticated", Requests.of("GET", "/ws?ticket=" + ticket));
  }

  @Test
  void aTicketIsForSocketsAndEventsOnly() throws Exception {
    String ticket = tickets.issue(Tokens.identity("tina")).secret();
    for (String target :
        List.of(
            "POST /api/events",
            "POST /api/rooms/a/events",
            "GET /api/rooms",
            "POST /api/tickets",
            "DELETE /api/users/x/connections",
            "GET /api/rooms/a/b/events")) {
      String[] line = target.split(" ", -1);
      refused(401, "unauthenticated", Requests.of(line[0], line[1] + "?ticket=" + ticket));
    }
    refused(
        401,
        "unauthenticated",
        Requests.of("GET", "/api/events?ticket=" + ticket + "&ticket=" + ticket));
    assertEquals("tina", user(Requests.of("GET", "/api/events?room=a&ticket=" + ticket)));
  }

  @Test
  void aStreamComesBackWithTheSpentTicketAndItsCookieAlone() throws Exception {
    String ticket = tickets.issue(Tokens.identity("tina")).secret();
    String url = "/api/rooms/a/events?ticket=" + ticket;
    assertEquals("tina", user(Requests.of("GET", url)));
    String cookie = response.header("Set-Cookie").get(0);
    assertTrue(cookie.contains("; HttpOnly"), cookie);
    assertTrue(cookie.contains("; SameSite=Strict"), cookie);
    assertTrue(cookie.contains("; Path=/;"), "behind any prefix: " + cookie);
    assertTrue(cookie.contains("; Max-Age=600;"), cookie);
    String name = cookie.substring(0, cookie.indexOf('='));
    String value = cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));

    for (int again = 0; again < 3; again++) {
      assertEquals("tina", user(Requests.of("GET", url).cookie(name, value)));
      assertEquals(List.of(cookie), response.header("Set-Cookie"), "renewed");
    }
    refused(401, "unauthenticated", Requests.of("GET", url));
    refused(401, "unauthenticated", Requests.of("GET", url).cookie(name, value + "x"));
    refused(
        401,
        "unauthenticated",
        Requests.of("GET", url).cookie(name, value).header("Origin", "https://evil.example"));
    refused(
        401,
        "unauthenticated",
        Requests.of("GET", "/api/rooms/a/events?ticket=other").cookie(name, value));
    refused(401, "unauthenticated", Requests.of("GET", "/api/events").cookie(name, value));
    refused(401, "unauthenticated", Requests.of("GET", "/ws?ticket=" + ticket).cookie(name, value));

    revocations.add("tina", Tokens.NOW);
    refused(401, "unauthenticated", Requests.of("GET", url).cookie(name, value));
  }

  @Test
  void oneCookieServesSeveralTicketsAndUsers() throws Exception {
    String tina = "/api/events?room=a&ticket=" + tickets.issue(Tokens.identity("tina")).secret();
    String otto = "/api/rooms/a/events?ticket=" + tickets.issue(Tokens.identity("otto")).secret();
    assertEquals("tina", user(Requests.of("GET", tina)));
    String given = response.header("Set-Cookie").get(0);
    String name = given.substring(0, given.indexOf('='));
    String value = given.substring(given.indexOf('=') + 1, given.indexOf(';'));
    assertEquals("otto", user(Requests.of("GET", otto).cookie(name, value)));
    assertTrue(response.header("Set-Cookie").get(0).startsWith(name + '=' + value + ';'));
    assertEquals("tina", user(Requests.of("GET", tina).cookie(name, value)));
    assertEquals("otto", user(Requests.of("GET", otto).cookie(name, value)));
  }

  @Test
  void aReaderWithoutCookiesComesBackFromItsPlaceIfItSaysWhereItWas() throws Exception {
    String ticket = tickets.issue(Tokens.identity("tina")).secret();
    String url = "/api/rooms/a/events?ticket=" + ticket;
    assertEquals("tina", user(Requests.of("GET", url).header("User-Agent", "node")));
    refused(401, "unauthenticated", Requests.of("GET", url).header("User-Agent", "node"));
    refused(
        401,
        "unauthenticated",
        Requests.of("GET", url).header("User-Agent", "other").header("Last-Event-ID", "e.1"));
    for (int again = 0; again < 3; again++) {
      assertEquals(
          "tina",
          user(
              Requests.of("GET", url).header("User-Agent", "node").header("Last-Event-ID", "e.1")));
      assertEquals(
          "tina", user(Requests.of("GET", url + "&lastEventId=e.1").header("User-Agent", "node")));
    }
    refused(
        401,
        "unauthenticated",
        Requests.of("GET", "/ws?ticket=" + ticket)
            .header("User-Agent", "node")
            .header("Last-Event-ID", "e.1"));
  }

  @Test
  void aRevokedUserHasNoUseOfATicket() throws Exception {
    String ticket = tickets.issue(Tokens.identity("tina")).secret();
    revocations.add("tina", Tokens.NOW);
    refused(401, "unauthenticated", Requests.of("GET", "/api/events?ticket=" + ticket));
    assertEquals(List.of(), response.header("Set-Cookie"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/rooms/a;b/events",
        "/api/rooms/a/events;jsessionid=1",
        "/ws;x",
        "/api;x/rooms/a/events",
        "/api/demo/token;x"
      })
  void aRawSemicolonIsABadRoom(String path) throws Exception {
    refused(400, "bad_room", Requests.of("GET", path).header("Authorization", "Bearer " + GOOD));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/rooms/a%3Bb/events",
        "/api/rooms/a%2541/events",
        "/api/rooms/%2E%2E/events",
        "/api/rooms/a+b/events",
        "/api/rooms/a%20b/events",
        "/api/rooms/%C3%A9",
        "/api/rooms//events",
        "/api/rooms/a%00/events",
        "/api/rooms/%zz/events"
      })
  void aBadRoomIsFoundInTheRawPath(String path) throws Exception {
    refused(400, "bad_room", Requests.of("GET", path).header("Authorization", "Bearer " + GOOD));
    refused(401, "unauthenticated", Requests.of("GET", path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/rooms/orders:42/events",
        "/api/rooms/a%3Ab%40c%3D%2C~/events",
        "/api/rooms/%61",
        "/api/rooms",
        "/api/rooms/"
      })
  void goodRoomsPass(String path) throws Exception {
    assertEquals("alice", user(Requests.of("GET", path).header("Authorization", "Bearer " + GOOD)));
  }

  @Test
  void aRequestLineThatIsTooLongIsToldSoBeforeAnythingIsRead() throws Exception {
    String longest = "/api/events?" + "x".repeat(RequestLine.MAX_LENGTH - "/api/events".length());
    assertEquals(
        "alice", user(Requests.of("GET", longest).header("Authorization", "Bearer " + GOOD)));
    refused(414, "too_large", Requests.of("GET", longest + 'x'));
    assertTrue(response.body().contains("POST /api/streams"), response.body());
  }

  @Test
  void packedBodiesAreNotSupported() throws Exception {
    for (String encoding : List.of("gzip", "br", "zstd", "deflate", "gzip, identity")) {
      refused(
          415,
          "unsupported",
          Requests.of("POST", "/api/events")
              .header("Authorization", "Bearer " + GOOD)
              .header("Content-Encoding", encoding));
    }
  }

  @Test
  void aSecondEncodingIsReadToo() throws Exception {
    refused(
        415,
        "unsupported",
        Requests.of("POST", "/api/events")
            .header("Authorization", "Bearer " + GOOD)
            .header("Content-Encoding", "identity")
            .header("Content-Encoding", "gzip"));
  }

  @Test
  void aNameThatSomebodyElseGaveThisMachineGetsNoDemoToken() throws Exception {
    refused(403, "forbidden", Requests.of("POST", "/api/demo/token").header("Origin", OWN_ORIGIN));
    pass(Requests.of("POST", "/api/demo/token").header("Origin", "https://app.example.com"));
    assertNotNull(passed);
  }

  @Test
  void theDemoTokenNeedsNoCredentialButNoForeignPageGetsOne() throws Exception {
    pass(Requests.of("POST", "/api/demo/token"));
    assertNotNull(passed);
    assertFalse(passed.getUserPrincipal() instanceof CarillonPrincipal);
    refused(
        403,
        "forbidden",
        Requests.of("POST", "/api/demo/token").header("Origin", "https://evil.example"));
    refused(401, "unauthenticated", Requests.of("GET", "/api/demo/token"));
    refused(401, "unauthenticated", Requests.of("POST", "/api/demo/token/x"));
    refused(401, "unauthenticated", Requests.of("POST", "/api/demo//token"));
  }

  @Test
  void whatCannotBeCheckedDoesNotPass() throws Exception {
    store.broken = true;
    refused(503, "storage", Requests.of("GET", "/ws?ticket=abc"));
    assertEquals(List.of("1"), response.header("Retry-After"));
    assertFalse(response.body().contains("driver"), response.body());
  }

  /** A stream that were answered with 503 would never be tried again. */
  @Test
  void aReaderThatCannotBeCheckedGoesOnAsNobody() throws Exception {
    store.broken = true;
    for (String target :
        List.of("GET /api/rooms/a/events", "GET /api/events", "POST /api/streams")) {
      String[] line = target.split(" ", -1);
      pass(Requests.of(line[0], line[1] + "?ticket=abc"));
      assertNotNull(passed, target);
      UncheckedPrincipal nobody =
          assertInstanceOf(UncheckedPrincipal.class, passed.getUserPrincipal());
      assertEquals(ErrorCode.STORAGE, nobody.rejection().code());
    }
  }

  @Test
  void soDoesOneWhoseIssuersKeysAreAway() throws Exception {
    Rejection away = Rejection.of(ErrorCode.OVERLOADED);
    CredentialFilter keyless =
        new CredentialFilter(
            Tokens.settings(true),
            token -> {
              throw new RefusedException(away);
            },
            tickets,
            new MemoryPasses(),
            revocations,
            new SecureRandom(),
            new CredentialFilter.PathRules("/ws"::equals, "/open"::equals));
    for (String target : List.of("GET /api/rooms/a/events", "GET /api/rooms", "GET /ws")) {
      String[] line = target.split(" ", -1);
      passed = null;
      response = new Responses();
      keyless.doFilter(
          Requests.of(line[0], line[1])
              .cookie("carillon_token", GOOD)
              .header("Origin", OWN_ORIGIN)
              .request(),
          response.response(),
          (r, s) -> passed = (HttpServletRequest) r);
      if (line[1].endsWith("/events")) {
        assertNotNull(passed);
        assertEquals(new UncheckedPrincipal(away), passed.getUserPrincipal());
      } else {
        assertNull(passed, target);
        assertEquals(503, response.status());
      }
    }
  }

  private void pass(Requests request) throws Exception {
    passed = null;
    response = new Responses();
    filter.doFilter(
        request.request(), response.response(), (r, s) -> passed = (HttpServletRequest) r);
  }

  private String user(Requests request) throws Exception {
    pass(request);
    assertNotNull(passed, () -> response.status() + " " + response.body());
    return ((CarillonPrincipal) passed.getUserPrincipal()).identity().user();
  }

  private void refused(int status, String code, Requests request) throws Exception {
    pass(request);
    assertNull(passed, request.request()::toString);
    assertEquals(status, response.status(), request.request()::toString);
    assertTrue(response.body().contains("\"code\":\"" + code + '"'), response.body());
  }

  /** Tickets in memory, without their time. */
  private static final class MemoryTickets implements Tickets {
    private final Map<String, String> all = new HashMap<>();
    private boolean broken;

    @Override
    public String issue(String claims, Duration ttl) {
      String ticket = "ticket-" + all.size();
      all.put(ticket, claims);
      return ticket;
    }

    @Override
    public Optional<String> redeem(String ticket) {
      if (broken) {
        throw new LogUnavailableException("the driver said so", new SQLException("driver"));
      }
      return Optional.ofNullable(all.remove(ticket));
    }
  }

  /** Passes in memory, of one fixed moment. */
  private static final class MemoryPasses implements StreamPasses {
    private record Kept(
        String claims, String cookie, String place, boolean returned, Instant end) {}

    private final Map<String, Kept> all = new HashMap<>();

    @Override
    public Pass make(
        String ticket, String claims, TicketReader reader, Duration life, @Nullable Instant end) {
      Instant until = Tokens.NOW.plus(life);
      Instant ends = end == null || end.isAfter(until) ? until : end;
      all.put(ticket, new Kept(claims, reader.cookie(), reader.place(), false, ends));
      return new Pass(claims, Duration.between(Tokens.NOW, ends));
    }

    @Override
    public Optional<Pass> renew(String ticket, TicketReader reader, Duration life) {
      Kept kept = all.get(ticket);
      if (kept == null) {
        return Optional.empty();
      }
      boolean known = reader.brought() && kept.cookie.equals(reader.cookie());
      boolean same = reader.resumes() && !kept.returned && kept.place.equals(reader.place());
      if (!known && !same) {
        return Optional.empty();
      }
      all.put(
          ticket,
          new Kept(kept.claims, reader.cookie(), kept.place, kept.returned || known, kept.end));
      return Optional.of(new Pass(kept.claims, Duration.between(Tokens.NOW, kept.end)));
    }
  }
}
