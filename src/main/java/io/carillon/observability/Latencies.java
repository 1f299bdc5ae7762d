package io.carillon.observability;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Log-linear histogram of durations: 16 steps for every doubling, so that a value read back is at
 * most 6.25 % above the one recorded. From 1 µs to about 12 days; longer ones count as that.
 *
 * <p>Recording is one atomic addition, without allocation, from any thread. Counts only grow; a
 * figure for a stretch of time is the difference of two snapshots.
 */
final class Latencies {
  private static final int STEP_BITS = 4;
  private static final int STEPS = 1 << STEP_BITS;
  private static final long MAX_MICROS = (1L << 40) - 1;
  private static final int BUCKETS = indexOf(MAX_MICROS) + 1;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  /** Records one duration in microseconds; a negative one counts as zero. */
  void record(long micros) {
    counts.getAndIncrement(indexOf(Math.clamp(micros, 0, MAX_MICROS)));
  }

  /** All counts so far; not one moment's cut, but nothing is ever lost or counted twice. */
  Snapshot snapshot() {
    long[] copy = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      copy[i] = counts.get(i);
    }
    return new Snapshot(copy);
  }

  private static int indexOf(long micros) {
    if (micros < STEPS) {
      return (int) micros;
    }
    int shift = 63 - Long.numberOfLeadingZeros(micros) - STEP_BITS;
    return shift * STEPS + (int) (micros >>> shift);
  }

  private static long highestOf(int index) {
    if (index < STEPS) {
      return index;
    }
    int shift = index / STEPS - 1;
    long step = index - (long) shift * STEPS;
    return ((step + 1) << shift) - 1;
  }

  /** Counts at one time, or between two times. */
  static final class Snapshot {
    private final long[] counts;

    private Snapshot(long[] counts) {
      this.counts = counts;
    }

    /** Nothing recorded. */
    static Snapshot empty() {
      return new Snapshot(new long[BUCKETS]);
    }

    /** The durations recorded after {@code earlier}, a snapshot of the same recorder. */
    Snapshot since(Snapshot earlier) {
      long[] difference = new long[BUCKETS];
      for (int i = 0; i < BUCKETS; i++) {
        difference[i] = counts[i] - earlier.counts[i];
      }
      return new Snapshot(difference);
    }

    /** Number of durations. */
    long count() {
      long sum = 0;
      for (long count : counts) {
        sum += count;
      }
      return sum;
    }

    /** The quantile (0–1) of the durations, in microseconds; 0 if there are none. */
    long quantile(double quantile) {
      long rank = Math.max(1, (long) Math.ceil(quantile * count()));
      long seen = 0;
      for (int i = 0; i < BUCKETS; i++) {
        seen += counts[i];
        if (seen >= rank) {
          return highestOf(i);
        }
      }
      return 0;
    }

    /** Visits each filled bucket, with its highest duration in microseconds and its count. */
    void forEach(Bucket bucket) {
      for (int i = 0; i < BUCKETS; i++) {
        if (counts[i] > 0) {
          bucket.of(highestOf(i), counts[i]);
        }
      }
    }
  }

  /** Visitor of buckets. */
  @FunctionalInterface
  interface Bucket {
    /** Visits one bucket: {@code count} durations of about {@code micros}. */
    void of(long micros, long count);
  }
}
