package io.carillon.observability;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;

/**
 * Export of the probe's sums to MicroProfile Metrics. Gauges are read at a scrape; counters and
 * timers are updated by {@link #flush}, so {@code /metrics} is at most one flush behind and the hot
 * path never meets the registry.
 *
 * <p>All counters exist from the start with zero, so that a rate can be taken of the first one.
 */
public final class MetricsExport {
  private static final System.Logger LOG = System.getLogger(MetricsExport.class.getName());
  private final MetricsProbe probe;
  private final List<Runnable> moves = new ArrayList<>();
  private boolean failing;

  /** Registers everything. */
  public MetricsExport(
      MetricRegistry registry, MetricsProbe probe, DatabasePing ping, InstanceGauges gauges) {
    this.probe = probe;
    probe.byProtocol().forEach((protocol, counters) -> connections(registry, protocol, counters));
    gauge(registry, "carillon_rooms", "Rooms with readers here", gauges.rooms()::getAsLong);
    gauge(
        registry,
        "carillon_outbox_bytes",
        "Bytes waiting in all send queues",
        gauges.queueBytes()::getAsLong);
    gauge(
        registry,
        "carillon_spare_writers",
        "Threads that write to sockets beyond the usual, because those are stuck",
        gauges.spareWriters()::getAsLong);
    gauge(
        registry,
        "carillon_backplane_connected",
        "1 while other instances are heard by notification, 0 while polling carries delivery",
        () -> gauges.listening().getAsBoolean() ? 1 : 0);
    gauge(
        registry, "carillon_database_up", "1 while the database answers", () -> ping.up() ? 1 : 0);
    gauge(
        registry,
        "carillon_database_round_trip_seconds",
        "Last round trip of a tiny query; negative while the database does not answer",
        () -> ping.roundTripNanos() < 0 ? -1.0 : ping.roundTripNanos() / 1e9);
    gauge(
        registry,
        "carillon_database_clock_offset_seconds",
        "By how much the database's clock is ahead of this instance's",
        () -> ping.offsetMicros() / 1e6);
    gauge(
        registry,
        "carillon_recent_bytes",
        "Bytes of recent events of all rooms in memory",
        gauges.recentBytes()::getAsLong);
    gauge(
        registry,
        "carillon_partition_days_ahead",
        "Days after today for which the log has place",
        gauges.daysAhead()::getAsLong);
    gauge(
        registry,
        "carillon_notification_queue_usage",
        "How full the database's queue of notifications is, 0 to 1",
        gauges.queueUsage()::getAsDouble);
    gauge(
        registry,
        "carillon_relay_unnumbered_rows",
        "Rows published in transactions that have no number and are never relayed",
        gauges.unnumbered()::getAsLong);
    gauge(
        registry,
        "carillon_presence_trouble_seconds",
        "For how long presence could not be written or told here; 0 if all is well",
        gauges.presenceTrouble()::getAsDouble);
    countBackplane(registry, gauges.backplane());

    count(
        registry,
        "carillon_events_published",
        "Publications acknowledged after commit",
        probe::publishedCount);
    count(
        registry,
        "carillon_events_sequenced",
        "Events that entered the sequence of a room open here",
        probe::sequencedCount);
    count(
        registry,
        "carillon_readers_lagged",
        "Times that a reader fell back to the log",
        probe::laggedCount);
    count(
        registry,
        "carillon_signals_dropped",
        "Signals dropped because a send queue was full",
        probe::droppedCount);
    tagged(
        registry,
        "carillon_publications_refused",
        "Publications not appended, by error code",
        "code",
        probe.refusedByCode());
    tagged(
        registry,
        "carillon_refused",
        "Requests, commands and connections refused by a limit, by its name",
        "limit",
        probe.refusedByLimit());
    tagged(
        registry,
        "carillon_forwarded_requests",
        "Polls of sessions that another instance holds, by what became of them",
        "outcome",
        probe.forwardedByOutcome());
    tagged(
        registry,
        "carillon_resyncs",
        "Resyncs announced to readers, by reason",
        "reason",
        probe.resyncedByReason());

    time(
        registry,
        "carillon_publish_to_ack",
        "From the call of a publish to its durable acknowledgement",
        probe::toAck);
    time(
        registry,
        "carillon_publish_to_deliver",
        "From the log's taking an event to its place in the room's sequence on this instance",
        probe::toDeliver);
  }

  private void connections(MetricRegistry registry, String protocol, ConnectionCounters counters) {
    Tag tag = new Tag("protocol", protocol);
    gauge(registry, "carillon_connections", "Open connections", counters::open, tag);
    count(
        registry, "carillon_connections_opened", "Connections opened", counters::openedCount, tag);
    count(
        registry,
        "carillon_deliveries",
        "Deliveries written to peers",
        counters::deliveredCount,
        tag);
    tagged(
        registry,
        "carillon_connections_closed",
        "Connections closed, by close code",
        "code",
        counters.closedByCode(),
        tag);
  }

  private void countBackplane(MetricRegistry registry, InstanceGauges.BackplaneSums sums) {
    String name = "carillon_backplane_";
    count(registry, name + "rings", "Notifying transactions", sums.rings());
    count(
        registry,
        name + "ring_failures",
        "Notifying transactions that failed",
        sums.ringFailures());
    count(registry, name + "listens", "Times that listening began", sums.listens());
    count(registry, name + "malformed", "Notifications that are not ours", sums.malformed());
    count(registry, name + "forged", "Sealed signals with a bad seal", sums.forged());
    count(registry, name + "dropped", "Signals and control signals that were lost", sums.dropped());
  }

  /**
   * Updates counters and timers to the probe's sums; a series whose update fails holds up no other,
   * and is logged at its first failure in a row. Called by one thread at a time.
   */
  public void flush() {
    Throwable failed = null;
    for (Runnable move : moves) {
      try {
        move.run();
      } catch (RuntimeException | LinkageError defect) {
        failed = defect;
      }
    }
    if (failed != null && !failing) {
      LOG.log(Level.WARNING, "metrics could not be updated, and are tried again", failed);
    }
    failing = failed != null;
  }

  /** The probe that is exported. */
  MetricsProbe probe() {
    return probe;
  }

  private static <T extends Number> void gauge(
      MetricRegistry registry, String name, String description, Supplier<T> value, Tag... tags) {
    registry.gauge(metadata(name, description, MetricUnits.NONE), value, tags);
  }

  private void count(
      MetricRegistry registry, String name, String description, LongSupplier sum, Tag... tags) {
    Counter counter = registry.counter(metadata(name, description, MetricUnits.NONE), tags);
    long[] handed = new long[1];
    moves.add(
        () -> {
          long now = sum.getAsLong();
          counter.inc(now - handed[0]);
          handed[0] = now;
        });
  }

  private void tagged(
      MetricRegistry registry,
      String name,
      String description,
      String tag,
      Map<String, LongAdder> counts,
      Tag... further) {
    counts.forEach(
        (value, sum) -> {
          Tag[] tags = Arrays.copyOf(further, further.length + 1);
          tags[further.length] = new Tag(tag, value);
          count(registry, name, description, sum::sum, tags);
        });
  }

  private void time(
      MetricRegistry registry, String name, String description, Supplier<Latencies.Snapshot> all) {
    Timer timer = registry.timer(metadata(name, description, MetricUnits.SECONDS));
    Latencies.Snapshot[] handed = {Latencies.Snapshot.empty()};
    moves.add(
        () -> {
          Latencies.Snapshot now = all.get();
          Latencies.Snapshot fresh = now.since(handed[0]);
          // First, so that an update that fails half-way doubles nothing.
          handed[0] = now;
          fresh.forEach(
              (micros, count) -> {
                Duration duration = Duration.ofNanos(micros * 1000);
                for (long i = 0; i < count; i++) {
                  timer.update(duration);
                }
              });
        });
  }

  private static Metadata metadata(String name, String description, String unit) {
    return Metadata.builder().withName(name).withDescription(description).withUnit(unit).build();
  }
}
