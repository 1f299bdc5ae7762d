package io.carillon.core.limit;

import java.util.concurrent.ConcurrentHashMap;

/** Counts of what is open, by key, each up to the same bound. Thread-safe. */
final class OpenCounts {
  private final ConcurrentHashMap<String, Integer> open = new ConcurrentHashMap<>();
  private final int most;

  OpenCounts(int most) {
    this.most = most;
  }

  /** Counts one more; false: the bound is reached, and nothing was counted. */
  boolean enter(String key) {
    boolean[] entered = {false};
    open.compute(
        key,
        (k, count) -> {
          int now = count == null ? 0 : count;
          entered[0] = now < most;
          return entered[0] ? Integer.valueOf(now + 1) : count;
        });
    return entered[0];
  }

  /** Counts one less, of those that {@link #enter} has counted. */
  void exit(String key) {
    open.computeIfPresent(key, (k, count) -> count > 1 ? count - 1 : null);
  }

  /** Whether one more would be counted just now. */
  boolean hasRoom(String key) {
    return open.getOrDefault(key, 0) < most;
  }
}
