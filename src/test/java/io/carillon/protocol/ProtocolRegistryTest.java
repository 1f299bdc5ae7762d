package io.carillon.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RefusedException;
import io.carillon.protocol.echo.EchoProtocol;
import io.carillon.protocol.json.CarillonV1;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolRegistryTest {
  private static final String WS = Protocol.SOCKET;

  private final CarillonV1 v1 = new CarillonV1();
  private final EchoProtocol echo = new EchoProtocol();
  private final ProtocolRegistry registry = new ProtocolRegistry(List.of(v1));

  @Test
  void findsByPathAndNameAndServesWhoNamesNone() {
    assertEquals(List.of("carillon.v1"), registry.names(WS));
    assertSame(v1, registry.named(WS, "carillon.v1"));
    assertSame(v1, registry.named(WS, ""));
    assertSame(v1, registry.named(WS, null));
    assertThrows(RefusedException.class, () -> registry.named(WS, "carillon.v2"));
    assertThrows(RefusedException.class, () -> registry.named("/elsewhere", "carillon.v1"));
  }

  @Test
  void acceptsNoOfferOrOneThatItKnows() {
    assertTrue(registry.accepts(WS, List.of()));
    assertTrue(registry.accepts(WS, List.of("x", "carillon.v1")));
    assertFalse(registry.accepts(WS, List.of("carillon.v2")));
    assertFalse(registry.accepts(WS, List.of("")));
    assertFalse(registry.accepts("/elsewhere", List.of()));
  }

  @Test
  void aProtocolHasItsOwnPathsAndPerhapsNoNames() {
    ProtocolRegistry both = new ProtocolRegistry(List.of(v1, echo));
    assertEquals(List.of(WS, "/echo/{app}"), List.copyOf(both.paths()));
    assertEquals(List.of(), both.names("/echo/{app}"));
    assertSame(echo, both.named("/echo/{app}", null));
    assertTrue(both.accepts("/echo/{app}", List.of("whatever")));
    assertThrows(RefusedException.class, () -> both.named("/echo/{app}", "carillon.v1"));
    assertTrue(both.isOpen("/echo/a"));
    assertFalse(both.isOpen(WS));
    assertFalse(both.isOpen("/elsewhere"));
  }

  @ParameterizedTest
  @CsvSource({
    "/echo/a, true",
    "/echo/a%2Fb, true",
    "/echo/, false",
    "/echo, false",
    "/echo/a/b, false",
    "/echo/a/, false",
    "/ws, true",
    "/ws/, false",
    "//ws, false",
    "/wsx, false",
    "'', false"
  })
  void aSocketIsWhereAProtocolSaysSo(String path, boolean socket) {
    assertEquals(socket, new ProtocolRegistry(List.of(v1, echo)).isSocket(path));
  }

  @Test
  void aPeerSaysWhatStandsInItsPathAndQuery() {
    Peer peer =
        new ProtocolRegistry(List.of(v1, echo))
            .peer("/echo/a%20b+c", Map.of("v", List.of("7", "8")));
    assertEquals("/echo/{app}", peer.path());
    assertEquals(Map.of("app", "a b+c"), peer.variables());
    assertEquals("7", peer.parameter("v"));
    assertNull(peer.parameter("w"));
    assertThrows(RefusedException.class, () -> registry.peer("/echo/a", Map.of()));
  }
}
