package io.carillon.core.room;

import io.carillon.core.Signal;
import io.carillon.core.connection.WakeBatch;
import io.carillon.core.spi.Probe;
import java.util.concurrent.Executor;

/**
 * Choice of the thread that tells a room's readers something: the caller's for most rooms, which is
 * the shortest way; the room's own task for one with many readers, since the callers (the writers,
 * the relay, whoever hears other instances) have all the other rooms to serve. A room's order holds
 * in both, and from one to the other.
 */
final class FanOut {
  /** From so many readers on a room has a task of its own. */
  static final int LARGE = 256;

  private final Executor executor;
  private final WakeBatch wakes;
  private final Probe probe;

  /**
   * Makes one for all rooms.
   *
   * @param executor runs the tasks of large rooms; they compute and never block, so give few
   *     threads of the platform
   * @param wakes lets the writers of a room's readers begin together
   */
  FanOut(Executor executor, WakeBatch wakes, Probe probe) {
    this.executor = executor;
    this.wakes = wakes;
    this.probe = probe;
  }

  /**
   * Tells the readers.
   *
   * @param telling takes the room's lock; of a large room it runs later
   * @param overflow what is done once, later, instead of what came too fast
   * @return false: it came too fast
   */
  boolean tell(Room room, Runnable telling, Runnable overflow) {
    if (!room.large() && room.lane().idle()) {
      wakes.during(telling);
      return true;
    }
    return room.lane().offer(() -> wakes.during(telling), overflow, executor);
  }

  /** Passes a signal on to the readers; of those that come too fast some are dropped. */
  void signal(Room room, Signal signal) {
    if (!tell(room, () -> room.signal(signal), () -> {})) {
      probe.dropped();
    }
  }
}
