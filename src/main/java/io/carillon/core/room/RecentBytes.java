package io.carillon.core.room;

import java.util.concurrent.atomic.AtomicLong;

/** What the rings of all rooms hold together, and how much that may be. Thread-safe. */
final class RecentBytes {
  private final AtomicLong used = new AtomicLong();
  private final long most;

  RecentBytes(long most) {
    this.most = most;
  }

  void add(long bytes) {
    used.addAndGet(bytes);
  }

  /** Whether a ring that takes something must give something else back. */
  boolean over() {
    return used.get() > most;
  }

  /** Whether rooms that hardly anybody reads must give theirs, so that others have some. */
  boolean crowded() {
    return used.get() > most / 4 * 3;
  }

  long used() {
    return used.get();
  }
}
