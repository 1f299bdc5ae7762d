package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Names that the server gives. */
class IdsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T01:02:03.456Z");
  private final Ids ids = new Ids(new SecureRandom(), InstantSource.fixed(NOW));

  @Test
  void eventsHaveUuidsOfVersion7() {
    for (int i = 0; i < 1000; i++) {
      UUID id = UUID.fromString(ids.event());
      assertEquals(7, id.version());
      assertEquals(2, id.variant());
      assertEquals(NOW.toEpochMilli(), id.getMostSignificantBits() >>> 16);
    }
  }

  @Test
  void nothingComesTwice() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertTrue(seen.add(ids.event()));
      assertTrue(seen.add(ids.connection()));
    }
  }

  @Test
  void connectionsHave128Bits() {
    assertTrue(ids.connection().matches("[0-9a-f]{32}"));
  }
}
