package io.carillon.store.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Per-room FIFO of outbox rows that were seen and could not be moved yet, by their numbers only,
 * and the rooms that rest after a lock was not to be had.
 *
 * <p>Nothing of a room is ready while a lower number of that room is queued and not in the same
 * scan. So a row is never overtaken by a later one of its room, however long its queue is and
 * however many other rooms rest. A room rests for whole scans: once it rests in a scan nothing of
 * it is ready until {@link #begin} of a later one.
 *
 * <p>Used by one thread.
 */
final class RelayQueue {
  /** Bound on queued numbers (some 64 bytes each); beyond it nothing new is read for a while. */
  private static final int MOST_WAITING = 65_536;

  private static final TreeSet<Long> NOTHING = new TreeSet<>();

  private final int most;
  private final Map<String, TreeSet<Long>> waiting = new LinkedHashMap<>();
  private final Map<String, Long> resting = new HashMap<>();
  private final TreeMap<Long, String> asked = new TreeMap<>();
  private int size;

  RelayQueue() {
    this(MOST_WAITING);
  }

  RelayQueue(int most) {
    this.most = most;
  }

  /** Forgets everything: somebody else moved the outbox meanwhile. */
  void clear() {
    forgetRows();
    resting.clear();
  }

  /** Forgets the rows, for everything is about to be read from the start. */
  void forgetRows() {
    waiting.clear();
    asked.clear();
    size = 0;
  }

  /** Begins a scan: rooms that have rested until {@code now}, in nanoseconds, are tried again. */
  void begin(long now) {
    resting.values().removeIf(until -> now - until >= 0);
  }

  /** Whether so much waits that nothing new should be read. */
  boolean full() {
    return size >= most;
  }

  /**
   * The numbers to look up in this scan, at most {@code limit}, ascending: the lowest of each room
   * that does not rest, in equal shares; where there are more rooms than that, those that were not
   * looked at for the longest time.
   */
  long[] lookups(int limit) {
    asked.clear();
    List<String> rooms =
        waiting.keySet().stream().filter(room -> !resting.containsKey(room)).limit(limit).toList();
    for (String room : rooms) {
      TreeSet<Long> numbers = Objects.requireNonNull(waiting.remove(room));
      numbers.stream().limit(limit / rooms.size()).forEach(number -> asked.put(number, room));
      waiting.put(room, numbers); // behind all others now
    }
    return asked.keySet().stream().mapToLong(Long::longValue).toArray();
  }

  /** Takes in what the scan found: what was looked up and is not there was moved by others. */
  void scanned(Collection<OutboxRow> rows) {
    rows.forEach(row -> asked.remove(row.number()));
    asked.forEach((number, room) -> remove(room, number));
    asked.clear();
  }

  /**
   * Those of the rows that may be moved now, in the given order; the others are queued. To be asked
   * again for what is left of a scan after a part of it could not be moved.
   *
   * @param rows of one scan, ascending by number
   */
  List<OutboxRow> ready(List<OutboxRow> rows) {
    if (waiting.isEmpty() && resting.isEmpty()) {
      return rows;
    }
    Map<String, Set<Long>> here = new HashMap<>();
    rows.forEach(
        row -> here.computeIfAbsent(row.room(), room -> new HashSet<>()).add(row.number()));
    Map<String, Long> first = new HashMap<>();
    here.forEach(
        (room, numbers) -> {
          for (long number : waiting.getOrDefault(room, NOTHING)) {
            if (!numbers.contains(number)) {
              first.put(room, number);
              break;
            }
          }
        });
    List<OutboxRow> ready = new ArrayList<>(rows.size());
    for (OutboxRow row : rows) {
      Long before = first.get(row.room());
      if (resting.containsKey(row.room()) || (before != null && before < row.number())) {
        add(row);
      } else {
        ready.add(row);
      }
    }
    return ready;
  }

  /** Lets a room rest until then, in nanoseconds, at least until the next scan. */
  void rest(String room, long until) {
    resting.put(room, until);
  }

  /** Queues rows that could not be moved now. */
  void add(Collection<OutboxRow> rows) {
    rows.forEach(this::add);
  }

  private void add(OutboxRow row) {
    if (waiting.computeIfAbsent(row.room(), room -> new TreeSet<>()).add(row.number())) {
      size++;
    }
  }

  /** Forgets rows that are done with. */
  void done(Collection<OutboxRow> rows) {
    rows.forEach(row -> remove(row.room(), row.number()));
  }

  private void remove(String room, long number) {
    TreeSet<Long> numbers = waiting.get(room);
    if (numbers != null && numbers.remove(number)) {
      size--;
      if (numbers.isEmpty()) {
        waiting.remove(room);
      }
    }
  }
}
