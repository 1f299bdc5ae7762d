package io.carillon.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MetricsExportTest {
  private final HandClock clock = new HandClock();
  private final RecordingRegistry metrics = new RecordingRegistry();
  private final MetricsProbe probe =
      new MetricsProbe(clock, () -> 0, List.of("carillon.v1", "pusher"));
  private final DatabasePing ping = new DatabasePing(clock::instant, clock, clock::nanoTime);
  private boolean listening = true;
  private final MetricsExport export =
      new MetricsExport(
          metrics.registry(), probe, ping, GaugeSamples.of(() -> 4, () -> 512, () -> listening));

  @Test
  void everySeriesIsThereBeforeAnythingHappened() {
    List<String> zero = List.copyOf(metrics.counters.keySet());
    probe.connections("pusher").opened();
    probe.connections("pusher").closed(4504);
    probe.refused("forbidden");
    probe.resynced("expired");
    export.flush();
    assertEquals(zero, List.copyOf(metrics.counters.keySet()));
    assertTrue(zero.contains("carillon_publications_refused{code=forbidden}"), zero::toString);
    assertTrue(
        zero.contains("carillon_connections_closed{protocol=pusher}{code=other}"), zero::toString);
  }

  @Test
  void aFlushMovesEachThingOnce() {
    probe.published(1_000_000);
    probe.published(9_000_000);
    probe.sequenced(clock.instant());
    probe.connections("pusher").delivered(5);
    probe.lagged();
    probe.dropped();
    export.flush();
    export.flush();
    probe.published(1_000_000);
    export.flush();
    assertEquals(3, metrics.counters.get("carillon_events_published").get());
    assertEquals(1, metrics.counters.get("carillon_events_sequenced").get());
    assertEquals(5, metrics.counters.get("carillon_deliveries{protocol=pusher}").get());
    assertEquals(1, metrics.counters.get("carillon_readers_lagged").get());
    assertEquals(1, metrics.counters.get("carillon_signals_dropped").get());
    assertEquals(3, metrics.timers.get("carillon_publish_to_ack").get());
    assertEquals(1, metrics.timers.get("carillon_publish_to_deliver").get());
  }

  @Test
  void aSeriesThatFailsHoldsUpNoOtherAndGoesOnLater() {
    metrics.unreadable = true;
    probe.published(1_000_000);
    probe.lagged();
    export.flush();
    assertEquals(1, metrics.counters.get("carillon_events_published").get());
    assertEquals(1, metrics.counters.get("carillon_readers_lagged").get());
    metrics.unreadable = false;
    probe.published(1_000_000);
    export.flush();
    assertEquals(2, metrics.counters.get("carillon_events_published").get());
    assertEquals(1, metrics.timers.get("carillon_publish_to_ack").get());
  }

  @Test
  void gaugesAreReadWhenAsked() {
    probe.connections("pusher").opened();
    assertEquals(1L, metrics.gauges.get("carillon_connections{protocol=pusher}").get());
    assertEquals(4L, metrics.gauges.get("carillon_rooms").get());
    assertEquals(512L, metrics.gauges.get("carillon_outbox_bytes").get());
    assertEquals(3L, metrics.gauges.get("carillon_relay_unnumbered_rows").get());
    assertEquals(1.5, metrics.gauges.get("carillon_presence_trouble_seconds").get());
    assertEquals(1, metrics.gauges.get("carillon_backplane_connected").get());
    listening = false;
    assertEquals(0, metrics.gauges.get("carillon_backplane_connected").get());
    assertEquals(-1.0, metrics.gauges.get("carillon_database_round_trip_seconds").get());
    ping.ask();
    assertEquals(0.0, metrics.gauges.get("carillon_database_round_trip_seconds").get());
    assertEquals(1, metrics.gauges.get("carillon_database_up").get());
  }

  @Test
  void allNamesAreOurs() {
    Stream.of(metrics.counters, metrics.timers, metrics.gauges)
        .flatMap(map -> map.keySet().stream())
        .forEach(name -> assertTrue(name.matches("carillon_[a-z_]+(\\{[a-z]+=.+})?"), name));
  }
}
