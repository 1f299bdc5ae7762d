package io.carillon.observability;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Gauge;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;

/** A registry that remembers what it was told: only the three calls that the export makes. */
final class RecordingRegistry {
  /** By name, with tags as {@code name{key=value}}. */
  final Map<String, AtomicLong> counters = new TreeMap<>();

  final Map<String, AtomicLong> timers = new TreeMap<>();
  final Map<String, Supplier<? extends Number>> gauges = new TreeMap<>();

  /** Timers that fail, as when a class of the container's library cannot be read. */
  boolean unreadable;

  MetricRegistry registry() {
    return of(
        MetricRegistry.class,
        (method, arguments) ->
            switch (method) {
              case "counter" -> counter((Metadata) arguments[0], (Tag[]) arguments[1]);
              case "timer" -> timer((Metadata) arguments[0]);
              case "gauge" ->
                  gauge(
                      series((Metadata) arguments[0], (Tag[]) arguments[2]),
                      (Supplier<?>) arguments[1]);
              default -> throw new UnsupportedOperationException(method);
            });
  }

  private Counter counter(Metadata metadata, Tag[] tags) {
    AtomicLong sum = new AtomicLong();
    counters.put(series(metadata, tags), sum);
    return of(Counter.class, (method, arguments) -> sum.addAndGet((long) arguments[0]));
  }

  private static String series(Metadata metadata, Tag[] tags) {
    StringBuilder name = new StringBuilder(metadata.getName());
    for (Tag tag : tags) {
      name.append('{').append(tag.getTagName()).append('=').append(tag.getTagValue()).append('}');
    }
    return name.toString();
  }

  private Timer timer(Metadata metadata) {
    AtomicLong count = new AtomicLong();
    timers.put(metadata.getName(), count);
    return of(
        Timer.class,
        (method, arguments) -> {
          if (unreadable) {
            throw new ClassFormatError("no descriptor is left");
          }
          return count.incrementAndGet();
        });
  }

  @SuppressWarnings("unchecked") // The only overload that is used takes a supplier of numbers.
  private Gauge<?> gauge(String series, Supplier<?> value) {
    gauges.put(series, (Supplier<? extends Number>) value);
    return of(Gauge.class, (method, arguments) -> value.get());
  }

  private interface Call {
    Object of(String method, Object[] arguments);
  }

  private static <T> T of(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object result = call.of(method.getName(), arguments);
              return method.getReturnType() == void.class ? null : result;
            }));
  }
}
