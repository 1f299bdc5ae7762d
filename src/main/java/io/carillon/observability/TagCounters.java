package io.carillon.observability;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Counters by tag: one for each value of a fixed table, and one for all others. Thread-safe.
 *
 * @param counts all counters, by the value of the tag
 * @param others the one of values that are not in the table; it is among the counts too
 */
record TagCounters(Map<String, LongAdder> counts, LongAdder others) {
  /** Counters at zero. */
  static TagCounters of(Stream<String> values) {
    Map<String, LongAdder> counts = new LinkedHashMap<>();
    values.forEach(value -> counts.put(value, new LongAdder()));
    LongAdder others = new LongAdder();
    counts.put(MetricsProbe.OTHER, others);
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
