package io.carillon.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.spi.LogUnavailableException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class DatabasePingTest {
  private final HandClock clock = new HandClock();
  private Duration ahead = Duration.ZERO;
  private Duration there = Duration.ofMillis(1);
  private Duration back = Duration.ofMillis(1);
  private boolean away;
  private final DatabasePing ping = new DatabasePing(this::now, clock, clock::nanoTime);

  private Instant now() {
    clock.advance(there);
    if (away) {
      throw new LogUnavailableException("away", new IllegalStateException());
    }
    Instant answer = clock.instant().plus(ahead);
    clock.advance(back);
    return answer;
  }

  @Test
  void isDownUntilTheFirstAnswer() {
    assertFalse(ping.up());
    assertTrue(ping.ask());
    assertTrue(ping.up());
    assertEquals(Duration.ofMillis(2).toNanos(), ping.roundTripNanos());
  }

  @Test
  void measuresAClockThatIsAhead() {
    ahead = Duration.ofMinutes(10);
    ping.ask();
    assertEquals(Duration.ofMinutes(10).toNanos() / 1000, ping.offsetMicros());
  }

  @Test
  void measuresAClockThatIsBehind() {
    ahead = Duration.ofMillis(-250);
    ping.ask();
    assertEquals(-250_000, ping.offsetMicros());
  }

  @Test
  void believesTheShortestTrip() {
    ping.ask();
    back = Duration.ofMillis(80);
    ping.ask();
    assertEquals(0, ping.offsetMicros());
    assertEquals(Duration.ofMillis(81).toNanos(), ping.roundTripNanos());
  }

  @Test
  void followsAStepWhenTheOldBeatsAreForgotten() {
    ping.ask();
    ahead = Duration.ofSeconds(3);
    back = Duration.ofMillis(1).plusNanos(2000);
    for (int i = 0; i < 16; i++) {
      ping.ask();
    }
    assertTrue(Math.abs(3_000_000 - ping.offsetMicros()) <= 2);
  }

  @Test
  void oneBeatWithoutAnAnswerIsDown() {
    ping.ask();
    away = true;
    assertFalse(ping.ask());
    assertFalse(ping.up());
    away = false;
    ping.ask();
    assertTrue(ping.up());
  }

  @Test
  void aBeatThatHangsIsDownAfterPatience() {
    ping.ask();
    clock.advance(DatabasePing.PATIENCE.minusMillis(1));
    assertTrue(ping.up());
    clock.advance(Duration.ofMillis(2));
    assertFalse(ping.up());
  }
}
