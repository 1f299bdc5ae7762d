package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Only trusted proxies say who a client is and by which scheme it came. */
class ForwardedTest {
  private static final TrustedProxies TRUSTED =
      new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.7", "2001:db8::/33", "::1"));

  private static Forwarded of(Requests request, String peer) {
    return Forwarded.of(request.request(), peer, TRUSTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.1     | 203.0.113.9                          | 203.0.113.9
          10.0.0.1     | 1.2.3.4, 203.0.113.9                 | 203.0.113.9
          10.0.0.1     | 1.2.3.4, 203.0.113.9, 10.9.9.9       | 203.0.113.9
          10.0.0.1     | 10.1.1.1, 10.2.2.2                   | 10.1.1.1
          10.0.0.1     | 203.0.113.9, unknown, 10.2.2.2       | 10.2.2.2
          10.0.0.1     | evil                                 | 10.0.0.1
          10.0.0.1     | ''                                   | 10.0.0.1
          10.0.0.1     | 203.0.113.9:4711                     | 203.0.113.9
          10.0.0.1     | [2001:db9::1]:4711                   | 2001:db9:0:0:0:0:0:1
          10.0.0.1     | 2001:db9::1                          | 2001:db9:0:0:0:0:0:1
          10.0.0.1     | ::ffff:203.0.113.9                   | 203.0.113.9
          2001:db8::99 | 203.0.113.9                          | 203.0.113.9
          203.0.113.1  | 1.2.3.4                              | 203.0.113.1
          2001:db8:8000::1 | 1.2.3.4                          | 2001:db8:8000::1
          """)
  void theClientIsTheLastAddressThatIsNoTrustedProxy(String peer, String header, String client) {
    assertEquals(
        client, of(Requests.of("GET", "/").header("X-Forwarded-For", header), peer).address());
  }

  @Test
  void severalLinesAreOneList() {
    Requests request =
        Requests.of("GET", "/")
            .header("X-Forwarded-For", "1.2.3.4")
            .header("X-Forwarded-For", "203.0.113.9")
            .header("X-Forwarded-For", "10.2.2.2");
    assertEquals("203.0.113.9", of(request, "10.0.0.1").address());
  }

  @Test
  void theStandardHeaderGoesBeforeTheUsualOne() {
    Requests request =
        Requests.of("GET", "/")
            .header("X-Forwarded-For", "1.2.3.4")
            .header("X-Forwarded-Proto", "http")
            .header("Forwarded", "for=9.9.9.9;proto=http, For=\"[2001:db9::17]:80\";Proto=https")
            .header("Forwarded", "for=10.3.3.3;by=10.0.0.1;proto=http");
    Forwarded forwarded = of(request, "10.0.0.1");
    assertEquals("2001:db9:0:0:0:0:0:17", forwarded.address());
    assertTrue(Objects.requireNonNull(forwarded.secure()));
    assertEquals(
        "10.0.0.1",
        of(Requests.of("GET", "/").header("Forwarded", "for=_x"), "10.0.0.1").address());
  }

  @Test
  void theSchemeIsThatOfTheClientsHop() {
    Requests chain =
        Requests.of("GET", "/")
            .header("X-Forwarded-For", "1.2.3.4, 203.0.113.9, 10.2.2.2")
            .header("X-Forwarded-Proto", "http, https, http");
    assertTrue(Objects.requireNonNull(of(chain, "10.0.0.1").secure()));
    Requests forged =
        Requests.of("GET", "/")
            .header("X-Forwarded-For", "1.2.3.4, 203.0.113.9")
            .header("X-Forwarded-Proto", "https, http");
    assertFalse(Objects.requireNonNull(of(forged, "10.0.0.1").secure()));
    Requests alone = Requests.of("GET", "/").header("X-Forwarded-Proto", "HTTPS");
    assertTrue(Objects.requireNonNull(of(alone, "192.0.2.7").secure()));
    assertNull(of(alone, "192.0.2.8").secure());
    assertNull(of(Requests.of("GET", "/"), "192.0.2.7").secure());
  }

  @Test
  void aListOfStrangersIsNotReadToItsEnd() {
    Requests request =
        Requests.of("GET", "/").header("X-Forwarded-For", "10.1.1.1,".repeat(5000) + "10.2.2.2");
    assertEquals("10.1.1.1", of(request, "10.0.0.1").address());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::1/129", "1/2/3"})
  void whatIsNoNetworkIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> new TrustedProxies(List.of(text)));
  }

  @Test
  void aNetworkOfNoBitsIsEverybodyOfItsKind() {
    TrustedProxies all = new TrustedProxies(List.of("0.0.0.0/0"));
    assertTrue(all.contains("203.0.113.9"));
    assertFalse(all.contains("2001:db8::1"));
    assertFalse(all.contains("nobody"));
    assertFalse(new TrustedProxies(List.of()).contains("127.0.0.1"));
  }
}
