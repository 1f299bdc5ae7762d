package io.carillon.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MetricsProbeTest {
  private final HandClock clock = new HandClock();
  private long offsetMicros;
  private final MetricsProbe probe =
      new MetricsProbe(clock, () -> offsetMicros, List.of("carillon.v1", "pusher"));

  @Test
  void timesFromTheEventToTheGate() {
    clock.advance(Duration.ofMillis(7));
    probe.sequenced(HandClock.BEGIN);
    assertEquals(1, probe.sequencedCount());
    assertNear(7000, probe.toDeliver().quantile(1));
  }

  @Test
  void correctsTheDatabaseClock() {
    offsetMicros = Duration.ofMinutes(10).toNanos() / 1000;
    clock.advance(Duration.ofMillis(7));
    probe.sequenced(HandClock.BEGIN.plus(Duration.ofMinutes(10)));
    assertNear(7000, probe.toDeliver().quantile(1));
  }

  @Test
  void anEventFromTheFutureTookNoTime() {
    probe.sequenced(HandClock.BEGIN.plusSeconds(1));
    assertEquals(1, probe.toDeliver().count());
    assertEquals(0, probe.toDeliver().quantile(1));
  }

  @Test
  void connectionsAreWhatWasOpenedAndNotClosed() {
    probe.connections("pusher").opened();
    probe.connections("pusher").opened();
    probe.connections("pusher").opened();
    probe.connections("pusher").closed(1000);
    assertEquals(2, probe.connections());
    assertEquals(1, probe.byProtocol().get("pusher").closedByCode().get("1000").sum());
  }

  @Test
  void strangersWordsShareOneSeries() {
    int series = probe.byProtocol().get("pusher").closedByCode().size();
    probe.connections("pusher").opened();
    probe.connections("pusher").closed(3333);
    probe.connections("pusher").closed(-1);
    probe.refused("<script>");
    probe.refused("rate");
    probe.resynced("whatever");
    assertEquals(series, probe.byProtocol().get("pusher").closedByCode().size());
    assertEquals(2, probe.byProtocol().get("pusher").closedByCode().get(MetricsProbe.OTHER).sum());
    assertEquals(1, probe.refusedByCode().get(MetricsProbe.OTHER).sum());
    assertEquals(1, probe.refusedByCode().get("rate").sum());
    assertEquals(1, probe.resyncedByReason().get(MetricsProbe.OTHER).sum());
    assertEquals(0, probe.connections());
  }

  @Test
  void countsFlushesByWhatTheyHeld() {
    probe.connections("pusher").delivered(3);
    probe.connections("pusher").delivered(4);
    probe.published(2_000_000);
    assertEquals(7, probe.deliveredCount());
    assertEquals(1, probe.publishedCount());
    assertNear(2000, probe.toAck().quantile(0.5));
  }

  private static void assertNear(long expected, long read) {
    assertTrue(read >= expected && read <= expected + expected / 16, "read as " + read);
  }
}
