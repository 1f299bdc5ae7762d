package io.carillon.observability;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.EventName;
import io.carillon.core.Publication;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reporter of this instance: once a second pings the database, moves the metrics on and publishes
 * this instance's figures to {@value #ROOM_NAME} as event {@value #EVENT_NAME}.
 *
 * <p>At most one report and one publication are under way: a database that takes longer than a
 * second gets fewer samples, never a queue of them. A sample that cannot be published is dropped;
 * the next one has the rates of the whole time since the last tick.
 */
public final class InstanceReporter implements AutoCloseable {
  /** The room that all instances report to. */
  public static final String ROOM_NAME = "carillon:instances";

  /** The event's name. */
  public static final String EVENT_NAME = "instance.sample";

  /** Interval of the reports. */
  public static final Duration PERIOD = Duration.ofSeconds(1);

  private static final RoomName ROOM = new RoomName(ROOM_NAME);
  private static final EventName EVENT = new EventName(EVENT_NAME);
  private static final String BY = "carillon";

  /** Appends to the log, past the rule that keeps clients out of the namespace. */
  @FunctionalInterface
  public interface SamplePublisher {
    /** Queues a publication and returns at once, as the log does. */
    CompletableFuture<AppendResult> publish(Publication publication);
  }

  /**
   * Rates since the report before the last one, each a second.
   *
   * @param opened connections opened
   * @param published publications acknowledged
   * @param delivered deliveries written to peers
   */
  public record Rates(double opened, double published, double delivered) {}

  private final String instance;
  private final String url;
  private final MetricsExport export;
  private final DatabasePing ping;
  private final InstanceGauges gauges;
  private final SamplePublisher publisher;
  private final Supplier<String> ids;
  private final LongSupplier nanoTime;
  private final ProcessFigures process;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private final long began;
  private volatile Rates rates = new Rates(0, 0, 0);
  private CompletableFuture<?> pending = CompletableFuture.completedFuture(null);
  private long lastTick;
  private long lastOpened;
  private long lastPublished;
  private long lastDelivered;
  private Latencies.Snapshot lastToDeliver;

  @GuardedBy("this")
  private @Nullable ScheduledFuture<?> schedule;

  /**
   * Creates a reporter.
   *
   * @param instance this instance's name
   * @param url where people reach it; empty: nobody is told
   * @param export moved on with each report
   * @param ping asked with each report
   * @param gauges sources of the gauges
   * @param publisher takes the samples
   * @param ids makes event ids
   * @param nanoTime the monotonic clock in nanoseconds
   */
  public InstanceReporter(
      String instance,
      String url,
      MetricsExport export,
      DatabasePing ping,
      InstanceGauges gauges,
      SamplePublisher publisher,
      Supplier<String> ids,
      LongSupplier nanoTime) {
    this.instance = instance;
    this.url = url;
    this.export = export;
    this.ping = ping;
    this.gauges = gauges;
    this.publisher = publisher;
    this.ids = ids;
    this.nanoTime = nanoTime;
    this.process = new ProcessFigures(nanoTime);
    this.began = nanoTime.getAsLong();
    this.lastTick = began;
    this.lastToDeliver = export.probe().toDeliver();
  }

  /**
   * Begins to report; called once.
   *
   * @param scheduler triggers the reports; never blocked
   * @param executor runs the reports; one of its threads waits for the database
   */
  public synchronized void start(ScheduledExecutorService scheduler, Executor executor) {
    schedule =
        scheduler.scheduleAtFixedRate(
            () -> {
              if (underWay.compareAndSet(false, true)) {
                executor.execute(this::report);
              }
            },
            PERIOD.toNanos(),
            PERIOD.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /** Ends reporting; idempotent. A report under way may still be published. */
  @Override
  public synchronized void close() {
    if (schedule != null) {
      schedule.cancel(false);
      schedule = null;
    }
  }

  /** The rates of the last report; from any thread. */
  public Rates rates() {
    return rates;
  }

  /** One report; called by one thread at a time. */
  void report() {
    try {
      export.flush();
      boolean up = ping.ask();
      InstanceSample sample = sample();
      if (up && pending.isDone()) {
        pending =
            publisher.publish(
                new Publication(ROOM, ids.get(), false, EVENT, sample.json(), null, BY, null));
      }
    } finally {
      underWay.set(false);
    }
  }

  private InstanceSample sample() {
    MetricsProbe probe = export.probe();
    long now = nanoTime.getAsLong();
    double seconds = Math.max(1, now - lastTick) / 1e9;
    long opened = probe.openedCount();
    long published = probe.publishedCount();
    long delivered = probe.deliveredCount();
    Latencies.Snapshot toDeliver = probe.toDeliver();
    Latencies.Snapshot lately = toDeliver.since(lastToDeliver);
    rates =
        new Rates(
            (opened - lastOpened) / seconds,
            (published - lastPublished) / seconds,
            (delivered - lastDelivered) / seconds);
    InstanceSample sample =
        new InstanceSample(
            instance,
            url,
            (now - began) / 1e9,
            probe.connections(),
            gauges.rooms().getAsLong(),
            rates,
            lately.count(),
            lately.quantile(0.5) / 1e3,
            lately.quantile(0.99) / 1e3,
            process.heapUsed(),
            process.heapCommitted(),
            process.cores(),
            Math.max(0, ping.roundTripNanos()) / 1e6);
    lastTick = now;
    lastOpened = opened;
    lastPublished = published;
    lastDelivered = delivered;
    lastToDeliver = toDeliver;
    return sample;
  }
}
