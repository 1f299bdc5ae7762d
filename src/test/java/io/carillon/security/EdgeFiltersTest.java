package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.limit.Limit;
import io.carillon.core.limit.LimitSettings;
import io.carillon.core.limit.Limits;
import io.carillon.core.limit.Rate;
import io.carillon.core.spi.Probe;
import io.carillon.core.spi.UncheckedPrincipal;
import io.carillon.kit.ManualTime;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Filters that look at where a request came from: its way, its host, its limits. */
class EdgeFiltersTest {
  private static final TrustedProxies PROXY = new TrustedProxies(List.of("192.0.2.7"));

  private final ManualTime time = new ManualTime();
  private @Nullable HttpServletRequest passed;

  private Responses send(Filter filter, Requests request) throws Exception {
    Responses response = new Responses();
    passed = null;
    filter.doFilter(
        request.request(),
        response.response(),
        (through, answer) -> passed = (HttpServletRequest) through);
    return response;
  }

  private static HostFilter hosts(Set<String> names, boolean httpsOnly) {
    return new HostFilter(
        new EdgeSettings(PROXY, names, httpsOnly, 9080, 9443), path -> path.startsWith("/api/"));
  }

  private Limits limits(Limit limit, int burst) {
    return new Limits(
        new LimitSettings(Map.of(limit, new Rate(1, burst)), Map.of(), Set.of()),
        time::nanos,
        time,
        new SplittableRandom(1),
        Probe.NONE);
  }

  private static Requests post() {
    return Requests.of("POST", "/api/events");
  }

  @Test
  void aRequestThatAnotherReaderMayEndElsewhereIsRefused() throws Exception {
    FramingFilter filter = new FramingFilter();
    for (Requests clear :
        List.of(
            post(),
            post().header("Content-Length", "0"),
            post().header("Content-Length", " 123 "),
            post().header("Transfer-Encoding", "Chunked"),
            post().header("User-Agent", "a\tb \u00e9"),
            post().without("Host").over("HTTP/1.0"),
            post().without("Host").over("HTTP/2.0"))) {
      assertEquals(200, send(filter, clear).status());
      assertNotNull(passed);
    }
    for (Requests odd :
        List.of(
            post().without("Host"),
            post().header("Host", "b"),
            post().header("Host", "app.local:9080"),
            post().header("Content-Length", "3").header("Content-Length", "3"),
            post().header("Content-Length", "3").header("Transfer-Encoding", "chunked"),
            post().header("Content-Length", ""),
            post().header("Content-Length", "+3"),
            post().header("Content-Length", "3, 3"),
            post().header("Content-Length", "0x3"),
            post().header("Content-Length", "9".repeat(19)),
            post().header("Transfer-Encoding", "gzip, chunked"),
            post().header("Transfer-Encoding", "identity"),
            post().header("Transfer-Encoding", ""),
            post().header("Transfer-Encoding", "chunked").header("Transfer-Encoding", "x"),
            post().header("Transfer-Encoding", "chunked").over("HTTP/1.0"),
            post().header("X-A", "a\u0000b"),
            post().header("X-A", "a\nb"))) {
      Responses refused = send(filter, odd);
      assertEquals(400, refused.status());
      assertEquals(List.of("close"), refused.header("Connection"));
      assertNull(passed);
    }
    Responses frames = send(filter, post().header("X-A", "a\nb").over("HTTP/2.0"));
    assertEquals(400, frames.status());
    assertEquals(List.of(), frames.header("Connection"));
  }

  private static Requests handshake(String version, String key) {
    return Requests.of("GET", "/ws")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", version)
        .header("Sec-WebSocket-Key", key);
  }

  @Test
  void aHandshakeThatIsNoneIsRefusedBeforeTheContainerReadsIt() throws Exception {
    UpgradeFilter filter = new UpgradeFilter("/ws"::equals);
    String key = "AAAAAAAAAAAAAAAAAAAAAA==";
    for (String version : new String[] {"", "7", "x", "13x", "13, 8"}) {
      Responses refused = send(filter, handshake(version, key));
      assertEquals(426, refused.status(), version);
      assertEquals(List.of("13"), refused.header("Sec-WebSocket-Version"));
    }
    assertEquals(
        426, send(filter, handshake("13", key).header("Sec-WebSocket-Version", "8")).status());
    for (String odd :
        new String[] {"", "short", key + "A", "A".repeat(24), key.replace('A', '!')}) {
      assertEquals(400, send(filter, handshake("13", odd)).status(), odd);
    }
    assertEquals(400, send(filter, handshake("13", key).header("Sec-WebSocket-Key", key)).status());
    assertEquals(
        426, send(filter, Requests.of("GET", "/ws").header("Upgrade", "WebSocket")).status());
    assertNull(passed);
    send(filter, handshake("13", key));
    assertNotNull(passed);
  }

  @Test
  void behindATrustedProxyTheRequestIsTheClients() throws Exception {
    send(
        new ForwardedFilter(PROXY, 9443),
        Requests.of("GET", "/chat/")
            .header("X-Forwarded-For", "203.0.113.9")
            .header("X-Forwarded-Proto", "https"));
    HttpServletRequest seen = Objects.requireNonNull(passed);
    assertEquals("203.0.113.9", seen.getRemoteAddr());
    assertTrue(seen.isSecure());
    assertEquals("https", seen.getScheme());
    assertEquals("https://app.local:9080/chat/", seen.getRequestURL().toString());
  }

  @Test
  void ofAnybodyElseNoHeaderIsBelieved() throws Exception {
    send(
        new ForwardedFilter(new TrustedProxies(List.of("10.0.0.0/8")), 9443),
        Requests.of("GET", "/")
            .header("X-Forwarded-For", "203.0.113.9")
            .header("Forwarded", "for=203.0.113.9;proto=https")
            .header("X-Forwarded-Proto", "https"));
    HttpServletRequest seen = Objects.requireNonNull(passed);
    assertEquals("192.0.2.7", seen.getRemoteAddr());
    assertFalse(seen.isSecure());
  }

  @Test
  void aHostThatIsNotOursIsMisdirected() throws Exception {
    HostFilter filter = hosts(Set.of("App.local"), false);
    assertTrue(filter.isNeeded());
    assertFalse(hosts(Set.of(), false).isNeeded());
    send(filter, Requests.of("GET", "/").withoutHost("APP.local"));
    assertNotNull(passed);
    Responses refused = send(filter, Requests.of("GET", "/").withoutHost("rebound.example"));
    assertNull(passed);
    assertEquals(421, refused.status());
    assertTrue(refused.body().contains("\"code\":\"unsupported\""), refused::body);
  }

  @Test
  void plainPagesAreRedirectedAndPlainCallsRefused() throws Exception {
    HostFilter filter = hosts(Set.of(), true);
    Responses page = send(filter, Requests.of("GET", "/chat/?room=a").withoutHost("app.local"));
    assertEquals(308, page.status());
    assertEquals(List.of("https://app.local:9443/chat/?room=a"), page.header("Location"));
    for (Requests call :
        List.of(
            Requests.of("GET", "/api/rooms").withoutHost("app.local"),
            Requests.of("POST", "/chat/").withoutHost("app.local"),
            Requests.of("GET", "/").withoutHost("app.local\r\nx"),
            Requests.of("GET", "/x\r\ny").withoutHost("app.local"),
            Requests.of("GET", "/ws").withoutHost("app.local").header("Upgrade", "websocket"))) {
      Responses refused = send(filter, call);
      assertEquals(403, refused.status());
      assertEquals(List.of(), refused.header("Location"));
      assertNull(passed);
    }
  }

  @Test
  void anAddressIsRefusedBeforeItsCredentialIsLookedAt() throws Exception {
    Filter filter = new AddressLimitFilter(limits(Limit.REQUESTS_ADDRESS, 2));
    for (int i = 0; i < 2; i++) {
      send(filter, Requests.of("POST", "/api/tickets"));
      assertNotNull(passed);
    }
    Responses refused = send(filter, Requests.of("POST", "/api/tickets"));
    assertNull(passed);
    assertEquals(429, refused.status());
    assertTrue(refused.body().contains("\"code\":\"rate\""), refused::body);
    int after = Integer.parseInt(refused.header("Retry-After").getFirst());
    send(filter, Requests.of("GET", "/api/events?room=a"));
    assertNotNull(passed);
    time.pass(Duration.ofSeconds(after));
    send(filter, Requests.of("POST", "/api/tickets"));
    assertNotNull(passed);
  }

  private Filter connects(int burst) {
    return new ConnectLimitFilter(
        limits(Limit.CONNECTS_ADDRESS, burst),
        path -> path.equals("/ws") || path.equals("/polled/"),
        path -> path.equals("/polled/"));
  }

  @Test
  void anUpgradeBeyondTheRateIsRefusedBefore() throws Exception {
    Filter filter = connects(1);
    Requests upgrade = Requests.of("GET", "/ws?sid=1").header("Upgrade", "websocket");
    send(filter, upgrade);
    assertEquals(
        new StrangerPrincipal("192.0.2.7"), Objects.requireNonNull(passed).getUserPrincipal());
    Responses refused = send(filter, upgrade);
    assertNull(passed);
    assertEquals(429, refused.status());
    assertFalse(refused.header("Retry-After").isEmpty());
    send(filter, Requests.of("GET", "/api/rooms"));
    assertNotNull(passed);
  }

  @Test
  void aStreamBeyondTheRateGoesOnToBeToldSo() throws Exception {
    Filter filter = connects(1);
    Requests stream =
        Requests.of("GET", "/api/rooms/a/events").header("Accept", "text/event-stream");
    send(filter, stream);
    send(filter, stream);
    assertInstanceOf(UncheckedPrincipal.class, Objects.requireNonNull(passed).getUserPrincipal());
    send(filter, Requests.of("GET", "/api/rooms/a/events").header("Accept", "application/json"));
    assertNull(Objects.requireNonNull(passed).getUserPrincipal());
  }

  @Test
  void pollsOfAnOpenLinkAreNoConnects() throws Exception {
    Filter filter = connects(1);
    send(filter, Requests.of("GET", "/polled/?EIO=4&transport=polling"));
    for (int i = 0; i < 3; i++) {
      send(filter, Requests.of("GET", "/polled/?EIO=4&transport=polling&sid=x"));
      assertNotNull(passed);
    }
    assertEquals(429, send(filter, Requests.of("GET", "/polled/?EIO=4&xsid=y")).status());
  }
}
