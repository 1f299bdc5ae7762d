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
  private final CarillonV1 v1 = new CarillonV1();
  private final ProtocolRegistry registry = new ProtocolRegistry(List.of(v1));

  @Test
  void findsByNameAndServesWhoNamesNone() {
    assertEquals(List.of("carillon.v1"), registry.names());
    assertSame(v1, registry.named("carillon.v1"));
    assertSame(v1, registry.named(""));
    assertSame(v1, registry.named(null));
    assertThrows(RefusedException.class, () -> registry.named("carillon.v2"));
  }

  @Test
  void acceptsNoOfferOrOneThatItKnows() {
    assertTrue(registry.accepts(List.of()));
    assertTrue(registry.accepts(List.of("x", "carillon.v1")));
    assertFalse(registry.accepts(List.of("carillon.v2")));
    assertFalse(registry.accepts(List.of("")));
  }
}
