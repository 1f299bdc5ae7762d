package io.carillon.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RefusedException;
import io.carillon.protocol.json.CarillonV1;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolRegistryTest {
  private static final String WS = Protocol.SOCKET;

  private final CarillonV1 v1 = new CarillonV1();
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
}
