package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.carillon.core.spi.Inspection;
import io.carillon.kit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ClusterLookTest {
  private final ManualTime time = new ManualTime();
  private final State state = new State();
  private final ClusterLook look = new ClusterLook(state, time::nanos);

  private static final class State implements Inspection {
    private long oldest;
    private List<String> versions = List.of("1", "1");

    @Override
    public List<LiveInstance> instances() {
      return versions.stream()
          .map(
              version ->
                  new LiveInstance(
                      "id", "name", version, Instant.EPOCH, Instant.EPOCH, false, false))
          .toList();
    }

    @Override
    public long oldestWaiting() {
      return oldest;
    }

    @Override
    public boolean rejectedWithin(Duration within) {
      return false;
    }

    @Override
    public OutboxState outbox(int limit) {
      throw new UnsupportedOperationException();
    }
  }

  private void lookAfter(int seconds, long oldest) {
    time.pass(Duration.ofSeconds(seconds));
    state.oldest = oldest;
    look.look();
  }

  @Test
  void anOutboxThatMovesIsNeverStalledHoweverMuchWaits() {
    lookAfter(5, 1);
    assertEquals(Duration.ZERO, look.stalled());
    lookAfter(5, 2);
    assertEquals(Duration.ZERO, look.stalled());
    lookAfter(5, 2);
    lookAfter(5, 2);
    assertEquals(Duration.ofSeconds(10), look.stalled());
    lookAfter(5, 0);
    lookAfter(5, 0);
    assertEquals(Duration.ZERO, look.stalled());
  }

  @Test
  void tellsVersionsThatDiffer() {
    look.look();
    assertNull(look.versions());
    state.versions = List.of("2", "1", "2");
    look.look();
    assertEquals("1, 2", look.versions());
  }

  @Test
  void growthIsThatOfTheLastMinute() {
    AtomicLong sum = new AtomicLong(100);
    MinuteGrowth growth = new MinuteGrowth(sum::get);
    assertEquals(0, growth.look());
    sum.addAndGet(3);
    for (int i = 0; i < 60; i++) {
      assertEquals(3, growth.look());
    }
    assertEquals(0, growth.look());
  }
}
