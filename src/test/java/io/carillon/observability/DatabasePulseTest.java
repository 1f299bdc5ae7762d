package io.carillon.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.spi.LogUnavailableException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class DatabasePulseTest {
  private final HandClock clock = new HandClock();
  private Duration ahead = Duration.ZERO;
  private Duration there = Duration.ofMillis(1);
  private Duration back = Duration.ofMillis(1);
  private boolean away;
  private final DatabasePulse pulse = new DatabasePulse(this::now, clock, clock::nanoTime);

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
    assertFalse(pulse.up());
    assertTrue(pulse.beat());
    assertTrue(pulse.up());
    assertEquals(Duration.ofMillis(2).toNanos(), pulse.roundTripNanos());
  }

  @Test
  void measuresAClockThatIsAhead() {
    ahead = Duration.ofMinutes(10);
    pulse.beat();
    assertEquals(Duration.ofMinutes(10).toNanos() / 1000, pulse.offsetMicros());
  }

  @Test
  void measuresAClockThatIsBehind() {
    ahead = Duration.ofMillis(-250);
    pulse.beat();
    assertEquals(-250_000, pulse.offsetMicros());
  }

  @Test
  void believesTheShortestTrip() {
    pulse.beat();
    back = Duration.ofMillis(80);
    pulse.beat();
    assertEquals(0, pulse.offsetMicros());
    assertEquals(Duration.ofMillis(81).toNanos(), pulse.roundTripNanos());
  }

  @Test
  void followsAStepWhenTheOldBeatsAreForgotten() {
    pulse.beat();
    ahead = Duration.ofSeconds(3);
    back = Duration.ofMillis(1).plusNanos(2000);
    for (int i = 0; i < 16; i++) {
      pulse.beat();
    }
    assertTrue(Math.abs(3_000_000 - pulse.offsetMicros()) <= 2);
  }

  @Test
  void oneBeatWithoutAnAnswerIsDown() {
    pulse.beat();
    away = true;
    assertFalse(pulse.beat());
    assertFalse(pulse.up());
    away = false;
    pulse.beat();
    assertTrue(pulse.up());
  }

  @Test
  void aBeatThatHangsIsDownAfterPatience() {
    pulse.beat();
    clock.advance(DatabasePulse.PATIENCE.minusMillis(1));
    assertTrue(pulse.up());
    clock.advance(Duration.ofMillis(2));
    assertFalse(pulse.up());
  }
}
