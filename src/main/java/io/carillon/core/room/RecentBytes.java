package io.carillon.core.room;

import java.util.concurrent.atomic.AtomicLong;

/** Memory budget of the recent events of all rooms. Thread-safe. */
final class RecentBytes {
  private final AtomicLong used = new AtomicLong();
  private final long most;

  RecentBytes(long most) {
    this.most = most;
  }

  void add(long bytes) {
    used.addAndGet(bytes);
  }

  /** Whether the budget is exceeded: a buffer that adds an event must drop another. */
  boolean over() {
    return used.get() > most;
  }

  /** Whether little-read rooms must release their buffers for the others. */
  boolean crowded() {
    return used.get() > most / 4 * 3;
  }

  long used() {
    return used.get();
  }
}
