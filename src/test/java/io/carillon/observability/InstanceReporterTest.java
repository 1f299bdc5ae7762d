package io.carillon.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Publication;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.LogUnavailableException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InstanceReporterTest {
  private final HandClock clock = new HandClock();
  private final MetricsProbe probe =
      new MetricsProbe(clock, () -> 0, List.of("carillon.v1", "pusher"));
  private final DatabasePing ping = new DatabasePing(this::now, clock, clock::nanoTime);
  private final InstanceGauges gauges = GaugeSamples.of(() -> 2, () -> 0, () -> true);
  private final MetricsExport export =
      new MetricsExport(new RecordingRegistry().registry(), probe, ping, gauges);
  private final List<Publication> samples = new ArrayList<>();
  private CompletableFuture<AppendResult> log = new CompletableFuture<>();
  private boolean away;
  private final InstanceReporter reporter =
      new InstanceReporter(
          "a \"quoted\" name",
          "http://one.example/",
          export,
          ping,
          gauges,
          publication -> {
            samples.add(publication);
            return log;
          },
          () -> "id-" + samples.size(),
          clock::nanoTime);

  private Instant now() {
    if (away) {
      throw new LogUnavailableException("away", new IllegalStateException());
    }
    clock.advance(Duration.ofMillis(2));
    return clock.instant();
  }

  @BeforeEach
  void everythingIsCommitted() {
    log.complete(new AppendResult.Appended("e", 1, "id", false));
  }

  @Test
  void publishesToTheInstancesRoom() {
    reporter.report();
    Publication sample = samples.getFirst();
    assertEquals("carillon:instances", sample.room().value());
    assertEquals("instance.sample", sample.name().value());
    assertEquals("carillon", sample.by());
    assertTrue(!sample.keyed());
  }

  @Test
  void ratesAreOfTheTimeSinceTheLastReport() {
    reporter.report();
    clock.advance(Duration.ofMillis(1998));
    for (int i = 0; i < 30; i++) {
      probe.published(1);
      probe.connections("pusher").delivered(2);
    }
    for (int i = 0; i < 20; i++) {
      probe.connections("carillon.v1").opened();
    }
    reporter.report();
    JsonObject data = data(1);
    assertEquals(15.0, data.getJsonNumber("published").doubleValue(), 0.05);
    assertEquals(30.0, data.getJsonNumber("delivered").doubleValue(), 0.05);
    assertEquals(10.0, data.getJsonNumber("opened").doubleValue(), 0.05);
    assertEquals(10.0, reporter.rates().opened(), 0.05);
    reporter.report();
    assertEquals(0, data(2).getJsonNumber("published").doubleValue());
  }

  @Test
  void tellsWhatItFinds() {
    probe.connections("pusher").opened();
    reporter.report();
    JsonObject data = data(0);
    assertEquals("a \"quoted\" name", data.getString("instance"));
    assertEquals("http://one.example/", data.getString("url"));
    assertEquals(1, data.getInt("connections"));
    assertEquals(2, data.getInt("rooms"));
    assertEquals(2.0, data.getJsonNumber("roundTrip").doubleValue());
    assertTrue(data.getJsonObject("heap").getJsonNumber("used").doubleValue() > 0);
    assertTrue(
        data.getJsonObject("heap").getJsonNumber("committed").doubleValue()
            >= data.getJsonObject("heap").getJsonNumber("used").doubleValue());
  }

  @Test
  void latencyIsThatOfTheLastReportOnlyAndNullWithoutOne() {
    Instant at = clock.instant();
    clock.advance(Duration.ofMillis(8));
    probe.sequenced(at);
    reporter.report();
    JsonObject first = data(0).getJsonObject("latency");
    assertEquals(1, first.getInt("count"));
    assertEquals(8, first.getJsonNumber("p50").doubleValue(), 0.5);
    reporter.report();
    JsonObject second = data(1).getJsonObject("latency");
    assertEquals(0, second.getInt("count"));
    assertEquals(JsonValue.NULL, second.get("p50"));
  }

  @Test
  void withoutTheDatabaseNothingIsPublishedAndTheNextReportComesAsEver() {
    away = true;
    reporter.report();
    assertEquals(0, samples.size());
    away = false;
    reporter.report();
    assertEquals(1, samples.size());
  }

  @Test
  void aSlowLogGetsFewerSamplesAndNoQueue() {
    log = new CompletableFuture<>();
    reporter.report();
    reporter.report();
    reporter.report();
    assertEquals(1, samples.size());
    log.complete(new AppendResult.Appended("e", 1, "id", false));
    reporter.report();
    assertEquals(2, samples.size());
  }

  private JsonObject data(int index) {
    try (var reader = Json.createReader(new StringReader(samples.get(index).content().text()))) {
      return reader.readObject();
    }
  }
}
