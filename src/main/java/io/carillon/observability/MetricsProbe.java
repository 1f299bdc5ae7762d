package io.carillon.observability;

import io.carillon.core.CloseCode;
import io.carillon.core.ErrorCode;
import io.carillon.core.Resync;
import io.carillon.core.spi.Probe;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * In-memory counters and timers of the core. A call is one or two additions, without a lock, and
 * without allocation except to read the clock.
 *
 * <p><b>Publish to deliver</b> is the time from the event's {@code at} (the database's clock when
 * the log took it) until the event entered its room's sequence on this instance and went to the
 * readers' send queues: it holds the commit, the doorbell, and reading the log; not the wait before
 * the log took it (that is in <b>publish to acknowledgement</b>) and not the write to the socket.
 * The database's clock is corrected by the measured offset; what comes out below zero counts as
 * zero.
 *
 * <p>Tag values that come from outside (close codes of peers) are folded into {@value #OTHER}
 * unless they are in our own tables, so that no peer can make new time series.
 */
public final class MetricsProbe implements Probe {
  static final String OTHER = "other";

  private final Clock clock;
  private final LongSupplier offsetMicros;
  private final LongAdder published = new LongAdder();
  private final LongAdder sequenced = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder lagged = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder opened = new LongAdder();
  private final TagCounters refused =
      TagCounters.of(Arrays.stream(ErrorCode.values()).map(ErrorCode::code));
  private final TagCounters resynced =
      TagCounters.of(Arrays.stream(Resync.Reason.values()).map(Resync.Reason::word));
  private final TagCounters closed =
      TagCounters.of(Arrays.stream(CloseCode.values()).map(c -> Integer.toString(c.code())));
  private final Map<Integer, LongAdder> closedByCode;
  private final Latencies toAck = new Latencies();
  private final Latencies toDeliver = new Latencies();

  /**
   * Creates a probe with all counters at zero.
   *
   * @param clock this instance's wall clock
   * @param offsetMicros offset of the database's clock in microseconds, positive if ahead
   */
  public MetricsProbe(Clock clock, LongSupplier offsetMicros) {
    this.clock = clock;
    this.offsetMicros = offsetMicros;
    Map<Integer, LongAdder> byCode = LinkedHashMap.newLinkedHashMap(CloseCode.values().length);
    for (CloseCode code : CloseCode.values()) {
      byCode.put(code.code(), closed.of(Integer.toString(code.code())));
    }
    this.closedByCode = Map.copyOf(byCode);
  }

  @Override
  public void published(long nanos) {
    published.increment();
    toAck.record(nanos / 1000);
  }

  @Override
  public void refused(String code) {
    refused.of(code).increment();
  }

  @Override
  public void sequenced(Instant at) {
    sequenced.increment();
    toDeliver.record(ChronoUnit.MICROS.between(at, clock.instant()) + offsetMicros.getAsLong());
  }

  @Override
  public void delivered(int deliveries) {
    delivered.add(deliveries);
  }

  @Override
  public void lagged() {
    lagged.increment();
  }

  @Override
  public void dropped() {
    dropped.increment();
  }

  @Override
  public void resynced(String reason) {
    resynced.of(reason).increment();
  }

  @Override
  public void opened() {
    opened.increment();
  }

  @Override
  public void closed(int code) {
    LongAdder known = closedByCode.get(code);
    (known == null ? closed.of(OTHER) : known).increment();
  }

  /** Publications that were acknowledged. */
  long publishedCount() {
    return published.sum();
  }

  /** Events that entered a room's sequence. */
  long sequencedCount() {
    return sequenced.sum();
  }

  /** Deliveries that were written to peers. */
  long deliveredCount() {
    return delivered.sum();
  }

  /** Readers that fell back to the log. */
  long laggedCount() {
    return lagged.sum();
  }

  /** Signals that were dropped. */
  long droppedCount() {
    return dropped.sum();
  }

  /** Connections that were opened. */
  long openedCount() {
    return opened.sum();
  }

  /** Connections that are open now. */
  long connections() {
    long closedSoFar = closed.sum();
    return Math.max(0, opened.sum() - closedSoFar);
  }

  /** Publications that were refused, by error code. */
  Map<String, LongAdder> refusedByCode() {
    return refused.counts;
  }

  /** Resyncs that were announced, by reason. */
  Map<String, LongAdder> resyncedByReason() {
    return resynced.counts;
  }

  /** Connections that were closed, by close code. */
  Map<String, LongAdder> closedByCode() {
    return closed.counts;
  }

  /** From the call of a publish to its commit. */
  Latencies.Snapshot toAck() {
    return toAck.snapshot();
  }

  /** From the log's taking an event to its place in the room's sequence here. */
  Latencies.Snapshot toDeliver() {
    return toDeliver.snapshot();
  }

  /** One counter for each value of a fixed table, and one for all others. */
  private record TagCounters(Map<String, LongAdder> counts, LongAdder others) {
    static TagCounters of(Stream<String> values) {
      Map<String, LongAdder> counts = new LinkedHashMap<>();
      values.forEach(value -> counts.put(value, new LongAdder()));
      LongAdder others = new LongAdder();
      counts.put(OTHER, others);
      return new TagCounters(Map.copyOf(counts), others);
    }

    LongAdder of(String value) {
      return counts.getOrDefault(value, others);
    }

    long sum() {
      long sum = 0;
      for (LongAdder count : counts.values()) {
        sum += count.sum();
      }
      return sum;
    }
  }
}
