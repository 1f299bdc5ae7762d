package io.carillon.observability;

import io.carillon.core.CloseCode;
import io.carillon.core.spi.Probe;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * In-memory counters of the connections of one protocol. Thread-safe and wait-free. A close code
 * that is not in our own table counts as {@value MetricsProbe#OTHER}, for a peer may choose it.
 */
final class ConnectionCounters implements Probe.ConnectionProbe {
  private final LongAdder opened = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final TagCounters closed =
      TagCounters.of(Arrays.stream(CloseCode.values()).map(c -> Integer.toString(c.code())));
  private final Map<Integer, LongAdder> closedByCode;

  ConnectionCounters() {
    Map<Integer, LongAdder> byCode = LinkedHashMap.newLinkedHashMap(CloseCode.values().length);
    for (CloseCode code : CloseCode.values()) {
      byCode.put(code.code(), closed.of(Integer.toString(code.code())));
    }
    this.closedByCode = Map.copyOf(byCode);
  }

  @Override
  public void opened() {
    opened.increment();
  }

  @Override
  public void delivered(int deliveries) {
    delivered.add(deliveries);
  }

  @Override
  public void closed(int code) {
    closedByCode.getOrDefault(code, closed.others()).increment();
  }

  /** Connections that were opened. */
  long openedCount() {
    return opened.sum();
  }

  /** Deliveries that were written to peers. */
  long deliveredCount() {
    return delivered.sum();
  }

  /** Connections that are open now. */
  long open() {
    long closedSoFar = closed.sum();
    return Math.max(0, opened.sum() - closedSoFar);
  }

  /** Connections that were closed, by close code. */
  Map<String, LongAdder> closedByCode() {
    return closed.counts();
  }
}
