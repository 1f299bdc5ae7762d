package io.carillon.faults.simulation;

import io.carillon.faults.history.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time, chance, and the history that grows. */
final class World {
  private record Task(long at, long number, Runnable does) {}

  static final long MS = 1_000_000;

  final Random random;
  final List<Entry> entries = new ArrayList<>();
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
  private long tasked;
  private long now = 1_000 * MS;

  World(long seed) {
    random = new Random(seed);
  }

  /** Nanoseconds; never the same twice. */
  long now() {
    return ++now;
  }

  void add(Entry entry) {
    entries.add(entry);
  }

  /** Does something some milliseconds from now. */
  void in(long millis, Runnable does) {
    tasks.add(new Task(now + millis * MS, tasked++, does));
  }

  void in(int least, int most, Runnable does) {
    in(least + random.nextInt(most - least + 1), does);
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Lets so many milliseconds go by. */
  void run(long millis) {
    long end = now + millis * MS;
    while (!tasks.isEmpty() && tasks.peek().at <= end) {
      Task task = tasks.remove();
      now = Math.max(now, task.at);
      task.does.run();
    }
    now = Math.max(now, end);
  }
}
