package io.carillon.core.room;

import io.carillon.core.Event;
import io.carillon.core.Signal;
import io.carillon.core.connection.WakeBatch;
import io.carillon.core.spi.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Choice of the thread that tells a room's readers something: the caller's for most rooms, which is
 * the shortest way; the room's own task for one with many readers, since the callers (log writers,
 * outbox relay, backplane listener, sequencer) have all the other rooms to serve. A room's order
 * holds in both, and from one to the other. Large rooms are told in slices and take turns.
 */
final class FanOut {
  /** From so many readers on a room has a task of its own. */
  static final int LARGE = 256;

  /** How many events a large room is told before others have their turn. */
  static final int SLICE = 32;

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
    if (atOnce(room)) {
      wakes.during(telling);
      return true;
    }
    return room.lane().offer(() -> wakes.during(telling), overflow, executor);
  }

  /**
   * Tells the readers several things, all of them however fast they come: the caller brings no more
   * before these are told.
   *
   * @param then run after the last one if they are told later: all went well, or not
   * @return true: they have been told
   */
  boolean tellAll(Room room, List<Runnable> tellings, Consumer<Boolean> then) {
    if (atOnce(room)) {
      wakes.during(() -> tellings.forEach(Runnable::run));
      return true;
    }
    AtomicInteger good = new AtomicInteger();
    List<Runnable> tasks = new ArrayList<>(tellings.size() + 1);
    for (Runnable telling : tellings) {
      tasks.add(
          () -> {
            wakes.during(telling);
            good.incrementAndGet();
          });
    }
    tasks.add(() -> then.accept(good.get() == tellings.size()));
    if (!room.lane().add(tasks, executor)) {
      then.accept(false);
    }
    return false;
  }

  private static boolean atOnce(Room room) {
    return !room.large() && room.lane().idle();
  }

  /** The events in as many parts as a room is to be told them in, a large one or another. */
  static List<List<Event>> slices(boolean large, List<Event> events) {
    if (!large || events.size() <= SLICE) {
      return List.of(events);
    }
    List<List<Event>> slices = new ArrayList<>();
    for (int from = 0; from < events.size(); from += SLICE) {
      slices.add(events.subList(from, Math.min(events.size(), from + SLICE)));
    }
    return slices;
  }

  /** Passes a signal on to the readers; of those that come too fast some are dropped. */
  void signal(Room room, Signal signal) {
    if (!tell(room, () -> room.signal(signal), () -> {})) {
      probe.dropped();
    }
  }
}
