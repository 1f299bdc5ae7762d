package io.carillon.bootstrap;

import io.carillon.core.spi.Inspection;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Look at what all instances share, every few seconds: the others' versions, and the outbox. One
 * thread looks, any thread reads.
 */
final class ClusterLook {
  private static final Duration REJECTED = Duration.ofMinutes(10);

  private final Inspection inspection;
  private final LongSupplier nanos;
  private volatile @Nullable String versions;
  private volatile boolean rejected;
  private volatile Waiting waiting;

  /** An event that was the oldest of the outbox, since a moment of the monotonic clock. */
  private record Waiting(long number, long since, long seen) {}

  /**
   * Has seen nothing yet.
   *
   * @param nanos a monotonic clock
   */
  ClusterLook(Inspection inspection, LongSupplier nanos) {
    this.inspection = inspection;
    this.nanos = nanos;
    this.waiting = new Waiting(0, nanos.getAsLong(), nanos.getAsLong());
  }

  /**
   * Looks; blocks.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if the database cannot be reached; what
   *     was seen before stays
   */
  void look() {
    long oldest = inspection.oldestWaiting();
    long now = nanos.getAsLong();
    Waiting before = waiting;
    waiting = new Waiting(oldest, oldest == before.number ? before.since : now, now);
    rejected = inspection.rejectedWithin(REJECTED);
    List<String> all =
        inspection.instances().stream()
            .map(Inspection.LiveInstance::version)
            .distinct()
            .sorted()
            .toList();
    versions = all.size() < 2 ? null : all.stream().collect(Collectors.joining(", "));
  }

  /** The versions of the instances, if they are of more than one; else null. */
  @Nullable String versions() {
    return versions;
  }

  /** Whether an event was rejected in the last ten minutes. */
  boolean rejected() {
    return rejected;
  }

  /** For how long the same event has been the oldest of the outbox; zero if there is none. */
  Duration stalled() {
    Waiting now = waiting;
    return now.number == 0 ? Duration.ZERO : Duration.ofNanos(now.seen - now.since);
  }
}
