package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.carillon.core.limit.IpAddress;
import java.net.InetAddress;
import java.util.Set;

/** Targets for inputs that nobody would write by hand: fields of requests. */
public final class FieldParsers {
  private static final String PEER = "192.0.2.7";

  private FieldParsers() {}

  /** Lines of fields that proxies write. */
  public static void forwarded(String text) {
    Requests request = Requests.of("GET", "/");
    for (String line : text.split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        request.header(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    for (Set<String> trusted : Set.of(Set.of(PEER), Set.of(PEER, "10.0.0.0/8", "::1"))) {
      Forwarded forwarded = Forwarded.of(request.request(), PEER, new TrustedProxies(trusted));
      assertNotNull(IpAddress.parse(forwarded.address()), forwarded.address());
    }
    assertEquals(
        "203.0.113.1",
        Forwarded.of(request.request(), "203.0.113.1", new TrustedProxies(Set.of(PEER))).address());
  }

  /** One field of any kind. */
  public static void fields(String text) {
    if (MediaRanges.isType(text)) {
      assertEquals(true, MediaRanges.areRanges(text), text);
    }
    boolean token = TokenShape.isIn(text);
    assertEquals(token, TokenShape.isIn(text + ' '), text);
    InetAddress address = IpAddress.parse(text);
    if (address != null) {
      assertEquals(address, IpAddress.parse(address.getHostAddress()));
    }
  }
}
