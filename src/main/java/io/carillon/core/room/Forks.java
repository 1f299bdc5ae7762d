package io.carillon.core.room;

import io.carillon.core.RoomName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounded cache of fork points: the last {@code seq} that an old epoch of a room shares with the
 * current one. A fork point never changes, so after a failover it is read once for all returning
 * readers. An epoch without a fork is not cached, since clients can invent epochs. Thread-safe; no
 * lock is held during a read.
 */
final class Forks {
  private static final int MOST = 4096;

  private final SingleFlight<Way, OptionalLong> reads = new SingleFlight<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Way, OptionalLong> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Way, OptionalLong> eldest) {
          return size() > MOST;
        }
      };

  private record Way(RoomName room, String from, String to) {}

  /**
   * The fork point between two epochs; blocks.
   *
   * @param to the epoch of the head
   * @param read reads it; empty: readers of {@code from} cannot go on
   */
  OptionalLong of(RoomName room, String from, String to, Supplier<OptionalLong> read) {
    Way way = new Way(room, from, to);
    OptionalLong fork = known(way);
    return fork != null ? fork : remember(way, reads.join(way, read));
  }

  private @Nullable OptionalLong known(Way way) {
    lock.lock();
    try {
      return known.get(way);
    } finally {
      lock.unlock();
    }
  }

  private OptionalLong remember(Way way, OptionalLong fork) {
    if (fork.isPresent()) {
      lock.lock();
      try {
        known.put(way, fork);
      } finally {
        lock.unlock();
      }
    }
    return fork;
  }
}
