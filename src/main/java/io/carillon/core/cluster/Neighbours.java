package io.carillon.core.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.spi.LogUnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Addresses by which live instances reach each other, kept for two seconds. However many unknown
 * ids are asked for, the list is read twice a second at the most; while it cannot be read, what was
 * known stays. Thread-safe.
 */
public final class Neighbours {
  /** Age from which the list is read anew. */
  static final Duration FRESH = Duration.ofSeconds(2);

  /**
   * Age from which it is read anew for an id that is not in it: an instance may have just begun.
   */
  static final Duration AGAIN = Duration.ofMillis(500);

  private final Supplier<Map<String, URI>> source;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable ReadList last;

  /** Addresses by id, and when they were read. */
  private record ReadList(Map<String, URI> addresses, long at) {}

  /**
   * Has read nothing yet.
   *
   * @param source reads the list, at most some thousand; blocks, and throws {@link
   *     LogUnavailableException}
   * @param nanos a monotonic clock
   */
  public Neighbours(Supplier<Map<String, URI>> source, LongSupplier nanos) {
    this.source = source;
    this.nanos = nanos;
  }

  /**
   * Address of an instance; may block for one read of the list.
   *
   * @param id of its incarnation
   * @return null: no live instance has this id and says where it is
   */
  public @Nullable URI find(String id) {
    ReadList known = last;
    URI address = known == null ? null : known.addresses.get(id);
    Duration age = address == null ? AGAIN : FRESH;
    if (known != null && isYounger(known, age)) {
      return address;
    }
    // Whoever is known to have been there a moment ago is not waited for.
    if (address != null && !lock.tryLock()) {
      return address;
    }
    if (address == null) {
      lock.lock();
    }
    try {
      ReadList now = last;
      return (now != null && isYounger(now, age) ? now : read(now)).addresses.get(id);
    } finally {
      lock.unlock();
    }
  }

  private boolean isYounger(ReadList list, Duration age) {
    return nanos.getAsLong() - list.at < age.toNanos();
  }

  @GuardedBy("lock")
  private ReadList read(@Nullable ReadList before) {
    Map<String, URI> addresses;
    try {
      addresses = Map.copyOf(source.get());
    } catch (LogUnavailableException unavailable) {
      addresses = before == null ? Map.of() : before.addresses;
    }
    ReadList now = new ReadList(addresses, nanos.getAsLong());
    last = now;
    return now;
  }
}
