package io.carillon.observability;

import io.carillon.core.ErrorCode;
import io.carillon.core.Resync;
import io.carillon.core.limit.Limit;
import io.carillon.core.spi.HopOutcome;
import io.carillon.core.spi.Probe;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

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
  private final LongAdder lagged = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final TagCounters refused =
      TagCounters.of(Arrays.stream(ErrorCode.values()).map(ErrorCode::code));
  private final TagCounters limited =
      TagCounters.of(Arrays.stream(Limit.values()).map(Limit::word));
  private final TagCounters forwarded =
      TagCounters.of(Arrays.stream(HopOutcome.values()).map(HopOutcome::word));
  private final TagCounters resynced =
      TagCounters.of(Arrays.stream(Resync.Reason.values()).map(Resync.Reason::word));
  private final Map<String, ConnectionCounters> byProtocol = new LinkedHashMap<>();
  private final ConnectionCounters others = new ConnectionCounters();
  private final Latencies toAck = new Latencies();
  private final Latencies toDeliver = new Latencies();

  /**
   * Creates a probe with all counters at zero.
   *
   * @param clock this instance's wall clock
   * @param offsetMicros offset of the database's clock in microseconds, positive if ahead
   * @param protocols names of the protocols that connections are counted by
   */
  public MetricsProbe(Clock clock, LongSupplier offsetMicros, Collection<String> protocols) {
    this.clock = clock;
    this.offsetMicros = offsetMicros;
    protocols.forEach(protocol -> byProtocol.put(protocol, new ConnectionCounters()));
    byProtocol.put(OTHER, others);
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
  public void limited(String limit) {
    limited.of(limit).increment();
  }

  @Override
  public void forwarded(HopOutcome outcome) {
    forwarded.of(outcome.word()).increment();
  }

  @Override
  public void sequenced(Instant at) {
    sequenced.increment();
    toDeliver.record(ChronoUnit.MICROS.between(at, clock.instant()) + offsetMicros.getAsLong());
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
  public ConnectionProbe connections(String protocol) {
    return byProtocol.getOrDefault(protocol, others);
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
    return sum(ConnectionCounters::deliveredCount);
  }

  /** Connections that were opened. */
  long openedCount() {
    return sum(ConnectionCounters::openedCount);
  }

  /** Publications that were refused for one of these reasons. */
  public long refusedCount(List<ErrorCode> codes) {
    return codes.stream().mapToLong(code -> refused.of(code.code()).sum()).sum();
  }

  /** Refusals by limits. */
  public long limitedCount() {
    return limited.counts().values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Resyncs that were announced. */
  public long resyncedCount() {
    return resyncedByReason().values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Readers that fell back to the log. */
  long laggedCount() {
    return lagged.sum();
  }

  /** Signals that were dropped. */
  long droppedCount() {
    return dropped.sum();
  }

  /** Connections that are open now. */
  long connections() {
    return sum(ConnectionCounters::open);
  }

  private long sum(ToLongFunction<ConnectionCounters> figure) {
    return byProtocol.values().stream().mapToLong(figure).sum();
  }

  /** Counters of connections, by the name of their protocol. */
  Map<String, ConnectionCounters> byProtocol() {
    return Collections.unmodifiableMap(byProtocol);
  }

  /** Publications that were refused, by error code. */
  Map<String, LongAdder> refusedByCode() {
    return refused.counts();
  }

  /** Refusals by limits, by the limit's name. */
  Map<String, LongAdder> refusedByLimit() {
    return limited.counts();
  }

  /** Requests handed to other instances, by outcome. */
  Map<String, LongAdder> forwardedByOutcome() {
    return forwarded.counts();
  }

  /** Resyncs that were announced, by reason. */
  Map<String, LongAdder> resyncedByReason() {
    return resynced.counts();
  }

  /** From the call of a publish to its commit. */
  Latencies.Snapshot toAck() {
    return toAck.snapshot();
  }

  /** From the log's taking an event to its place in the room's sequence here. */
  Latencies.Snapshot toDeliver() {
    return toDeliver.snapshot();
  }
}
