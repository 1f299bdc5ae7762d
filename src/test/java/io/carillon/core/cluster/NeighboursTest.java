package io.carillon.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.carillon.core.spi.LogUnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NeighboursTest {
  private static final URI ONE = URI.create("http://one:9080/");
  private static final URI TWO = URI.create("http://two:9080/");

  private Map<String, URI> there = Map.of("1", ONE);
  private boolean away;
  private int reads;
  private long now;
  private final Neighbours neighbours = new Neighbours(this::read, () -> now);

  private Map<String, URI> read() {
    reads++;
    if (away) {
      throw new LogUnavailableException("away", new IllegalStateException());
    }
    return there;
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void oneReadServesManyRequests() {
    for (int i = 0; i < 1000; i++) {
      assertEquals(ONE, neighbours.find("1"));
    }
    assertEquals(1, reads);
    pass(Neighbours.FRESH);
    assertEquals(ONE, neighbours.find("1"));
    assertEquals(2, reads);
  }

  @Test
  void howeverManyAreUnknownTheListIsReadTwiceASecond() {
    for (int i = 0; i < 100; i++) {
      assertNull(neighbours.find("unknown" + i));
      pass(Duration.ofMillis(10));
    }
    assertEquals(2, reads);
  }

  @Test
  void whoHasJustBegunIsFoundSoon() {
    assertNull(neighbours.find("2"));
    there = Map.of("1", ONE, "2", TWO);
    assertNull(neighbours.find("2"));
    pass(Neighbours.AGAIN);
    assertEquals(TWO, neighbours.find("2"));
  }

  @Test
  void whoHasGoneIsForgotten() {
    assertEquals(ONE, neighbours.find("1"));
    there = Map.of("2", TWO);
    pass(Neighbours.FRESH);
    assertNull(neighbours.find("1"));
  }

  @Test
  void whileTheDatabaseIsAwayWhatWasKnownStays() {
    assertEquals(ONE, neighbours.find("1"));
    away = true;
    for (int i = 0; i < 10; i++) {
      pass(Neighbours.FRESH);
      assertEquals(ONE, neighbours.find("1"));
      assertNull(neighbours.find("2"));
    }
    assertEquals(11, reads);
    away = false;
    there = Map.of("2", TWO);
    pass(Neighbours.FRESH);
    assertNull(neighbours.find("1"));
  }
}
