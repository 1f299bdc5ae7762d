package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator is told that was perhaps not meant. */
final class SurroundingsTest {
  @Test
  void openFilesMustReachForAllConnectionsAndAThousandMore() {
    assertEquals(Optional.empty(), Surroundings.files(101_000, 100_000));
    assertEquals(Optional.empty(), Surroundings.files(-1, 100_000), "not known");
    assertEquals(Optional.empty(), Surroundings.files(Long.MAX_VALUE, Integer.MAX_VALUE));
    String words = Surroundings.files(100_999, 100_000).orElseThrow();
    assertTrue(words.contains("100999 open files"), words);
    assertTrue(words.contains("carillon.connections.max (100000)"), words);
    assertTrue(words.contains("LimitNOFILE"), words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT5S", "PT-5S", "PT0.001S"})
  void clocksThatAreNearlyRightAreNotWorthALine(Duration ahead) {
    assertEquals(Optional.empty(), Surroundings.clocks(ahead));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT5.001S", "PT-5.001S", "PT1H", "PT-1H"})
  void clocksThatAreApartAreTold(Duration ahead) {
    String words = Surroundings.clocks(ahead).orElseThrow();
    assertTrue(words.contains(" by " + ahead + ":"), words);
  }
}
