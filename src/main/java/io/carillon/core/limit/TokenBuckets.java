package io.carillon.core.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Token buckets of one rate, one for each key. Of a bucket nothing is kept but the time when it is
 * full again (the generic cell rate algorithm), and of a full one nothing at all, so memory is
 * bounded by who has asked lately; beyond the bound of keys all further ones share a bucket.
 * Thread-safe.
 */
final class TokenBuckets {
  private static final String OTHERS = "";
  private static final double SECOND = 1e9;

  private final ConcurrentHashMap<String, Long> fullAt = new ConcurrentHashMap<>();
  private final LongSupplier nanos;
  private final double nanosPerToken;
  private final long capacity;
  private final int maxKeys;

  /**
   * Creates full buckets.
   *
   * @param maxKeys most buckets that are not full
   * @param nanos a monotonic clock
   */
  TokenBuckets(Rate rate, int maxKeys, LongSupplier nanos) {
    this.nanos = nanos;
    this.nanosPerToken = SECOND / rate.perSecond();
    this.capacity = (long) (rate.burst() * nanosPerToken);
    this.maxKeys = maxKeys;
  }

  /**
   * Takes tokens. What costs more than a full bucket holds passes when the bucket is full, and is
   * paid off afterwards.
   *
   * @return 0: they were taken; else nothing was, and the nanoseconds until they are there
   */
  long take(String key, int cost) {
    long now = nanos.getAsLong();
    long price = (long) (cost * nanosPerToken);
    long[] wait = {0};
    fullAt.compute(
        place(key),
        (k, known) -> {
          long from = known == null || known - now < 0 ? now : known;
          wait[0] = Math.max(0, from - now + Math.min(price, capacity) - capacity);
          return wait[0] > 0 ? known : Long.valueOf(from + price);
        });
    return wait[0];
  }

  private String place(String key) {
    boolean free = fullAt.size() < maxKeys || fullAt.containsKey(key);
    return free ? key : OTHERS;
  }

  /** Forgets the buckets that are full; to be called now and then. */
  void sweep() {
    long now = nanos.getAsLong();
    fullAt.values().removeIf(full -> full - now <= 0);
  }

  /** Number of buckets that are kept. */
  int size() {
    return fullAt.size();
  }
}
