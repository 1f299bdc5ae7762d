package io.carillon.bootstrap;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/** Growth of a sum over the last looks, of which there is one a second. For one thread. */
final class MinuteGrowth {
  private static final int LOOKS = 60;

  private final LongSupplier sum;
  private final ArrayDeque<Long> sums = new ArrayDeque<>();

  /**
   * Begins with the next look.
   *
   * @param sum only grows
   */
  MinuteGrowth(LongSupplier sum) {
    this.sum = sum;
  }

  /** Looks once more: by how much it has grown in the last minute. */
  long look() {
    long now = sum.getAsLong();
    sums.addLast(now);
    if (sums.size() > LOOKS + 1) {
      sums.removeFirst();
    }
    return now - sums.getFirst();
  }
}
