package io.carillon.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.ManualTime;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is believed when it says that it hands on another one's request. */
final class HopEntranceTest {
  private static final String TARGET = "/socket.io/?EIO=4&sid=0a1b2c3d.x";
  private static final HopWord HOP = new HopWord("0a1b2c3d", "192.0.2.7", true, "app.example:8443");

  private final HopSeal seal =
      new HopSeal(() -> "the cluster's".getBytes(StandardCharsets.US_ASCII), new ManualTime());
  private final List<String> said = new ArrayList<>();
  private final Map<String, Object> attributes = new HashMap<>();
  private final Map<String, String> answered = new HashMap<>();

  /** What the filters behind get to see. */
  private HttpServletRequest passed() throws Exception {
    List<HttpServletRequest> seen = new ArrayList<>();
    new HopEntrance(seal)
        .doFilter(
            request(), response(), (request, response) -> seen.add((HttpServletRequest) request));
    assertEquals(1, seen.size());
    return seen.getFirst();
  }

  private HttpServletRequest request() {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, called, arguments) ->
                switch (called.getName()) {
                  case "getMethod" -> "GET";
                  case "getRequestURI" -> "/socket.io/";
                  case "getQueryString" -> "EIO=4&sid=0a1b2c3d.x";
                  case "getRemoteAddr" -> "10.0.0.2";
                  case "getScheme" -> "http";
                  case "isSecure" -> false;
                  case "getHeader" -> arguments[0].equals("Cookie") ? "a=b" : null;
                  case "getHeaders" ->
                      Collections.enumeration(
                          arguments[0].equals(HopSeal.HEADER) ? said : List.of());
                  case "getAttribute" -> attributes.get((String) arguments[0]);
                  case "setAttribute" -> {
                    attributes.put((String) arguments[0], arguments[1]);
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(called.getName());
                });
  }

  private HttpServletResponse response() {
    return (HttpServletResponse)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (proxy, called, arguments) -> {
              assertEquals("setHeader", called.getName());
              answered.put((String) arguments[0], (String) arguments[1]);
              return null;
            });
  }

  private @Nullable Object sealed() {
    return attributes.get(HopEntrance.SEALED);
  }

  @Test
  void aRequestOfAClientIsLeftAlone() throws Exception {
    assertEquals("10.0.0.2", passed().getRemoteAddr());
    assertNull(sealed());
    assertTrue(answered.isEmpty());
  }

  @Test
  void aRequestOfAnInstanceIsItsClients() throws Exception {
    String sealed = seal.seal(HOP, "GET " + TARGET);
    said.add(sealed);
    HttpServletRequest passed = passed();
    assertEquals(true, sealed());
    assertEquals("192.0.2.7", passed.getRemoteAddr());
    assertEquals("192.0.2.7", passed.getRemoteHost());
    assertTrue(passed.isSecure());
    assertEquals("https", passed.getScheme());
    assertEquals("app.example", passed.getServerName());
    assertEquals(8443, passed.getServerPort());
    assertEquals("app.example:8443", passed.getHeader("host"));
    assertEquals(List.of("app.example:8443"), Collections.list(passed.getHeaders("Host")));
    assertEquals("https://app.example:8443/socket.io/", passed.getRequestURL().toString());
    assertEquals("a=b", passed.getHeader("Cookie"));
    assertEquals(Map.of(HopSeal.HEADER, seal.receipt(sealed)), answered);
  }

  @Test
  void portsThatGoWithoutSaying() throws Exception {
    said.add(
        seal.seal(new HopWord("0a1b2c3d", "192.0.2.7", true, "[2001:db8::1]"), "GET " + TARGET));
    HttpServletRequest passed = passed();
    assertEquals("[2001:db8::1]", passed.getServerName());
    assertEquals(443, passed.getServerPort());
    said.clear();
    said.add(seal.seal(new HopWord("0a1b2c3d", "192.0.2.7", false, ""), "GET " + TARGET));
    assertNull(passed().getHeader("Host"));
    assertEquals(80, passed().getServerPort());
  }

  @Test
  void nobodyElseIsBelieved() throws Exception {
    String good = seal.seal(HOP, "GET " + TARGET);
    String another = seal.seal(HOP, "GET /socket.io/?EIO=4&sid=0a1b2c3d.y");
    for (List<String> forged :
        List.of(List.of("x"), List.of(""), List.of(another), List.of(good, good))) {
      said.clear();
      said.addAll(forged);
      HttpServletRequest passed = passed();
      assertEquals(false, sealed());
      assertEquals("10.0.0.2", passed.getRemoteAddr());
      assertFalse(passed.isSecure());
      assertTrue(answered.isEmpty());
    }
  }
}
