package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class RelayPositionTest {
  private static final long[] NOTHING = {};

  @Test
  void aSkippedNumberIsLookedUpUntilItCannotComeAnyMore() {
    RelayPosition position = settled();
    position.scanned(NOTHING, List.of(11L, 13L), true, 100);
    assertTrue(position.wantsHorizon());
    position.horizon(200);
    assertFalse(position.wantsHorizon());
    assertEquals(13, position.after());
    assertArrayEquals(new long[] {12}, position.lookups());
    position.scanned(new long[] {12}, List.of(), true, 199);
    assertArrayEquals(new long[] {12}, position.lookups());
    position.scanned(new long[] {12}, List.of(), true, 200);
    assertArrayEquals(NOTHING, position.lookups());
  }

  @Test
  void aTakeOverReadsEverythingTwice() {
    RelayPosition position = new RelayPosition();
    position.takeOver(1000, 50);
    assertEquals(0, position.after());
    position.scanned(NOTHING, List.of(3L, 999L), true, 40);
    position.horizon(60); // 745..998 may still be committing
    assertEquals(999, position.after());
    position.scanned(position.lookups(), List.of(), true, 50);
    assertEquals(0, position.after(), "whoever was committing at the take-over is visible now");
    position.scanned(position.lookups(), List.of(), true, 70);
    assertArrayEquals(NOTHING, position.lookups());
  }

  /** Random commits in random order: every number that commits is found, each once. */
  @Test
  void nothingThatCommitsIsEverMissed() {
    for (long seed = 1; seed <= 300; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      RelayPosition position = new RelayPosition();
      TreeMap<Long, Long> running = new TreeMap<>(); // number -> transaction
      TreeSet<Long> visible = new TreeSet<>();
      TreeSet<Long> committed = new TreeSet<>();
      List<Long> found = new ArrayList<>();
      long number = 0;
      long transaction = 10;
      for (int step = 0; step < 400; step++) {
        boolean calm = step > 300; // at the end everything finishes
        int choice = random.nextInt(10);
        if (step == 20 || (step < 300 && random.nextInt(100) == 0)) {
          position.takeOver(number, transaction++);
        }
        if (!calm && choice < 5) {
          running.put(++number, transaction++);
        } else if (!running.isEmpty() && choice < 8) {
          List<Long> numbers = List.copyOf(running.keySet());
          long ended = numbers.get(random.nextInt(numbers.size()));
          running.remove(ended);
          if (random.nextInt(5) > 0) {
            visible.add(ended);
            committed.add(ended);
          }
        }
        if (step >= 20 && (calm || choice >= 5)) {
          long oldest = running.values().stream().mapToLong(v -> v).min().orElse(transaction);
          long[] asked = position.lookups();
          TreeSet<Long> seen = new TreeSet<>();
          visible.tailSet(position.after(), false).stream().limit(4).forEach(seen::add);
          boolean end = seen.size() < 4;
          for (long one : asked) {
            if (one <= position.after() && visible.contains(one)) {
              seen.add(one);
            }
          }
          position.scanned(asked, List.copyOf(seen), end, oldest);
          if (position.wantsHorizon()) {
            position.horizon(transaction++);
          }
          found.addAll(seen);
          visible.removeAll(seen);
        }
      }
      while (!running.isEmpty()) {
        Map.Entry<Long, Long> last = running.pollFirstEntry();
        visible.add(last.getKey());
        committed.add(last.getKey());
      }
      for (int i = 0; i < 2000 && !visible.isEmpty(); i++) {
        long[] asked = position.lookups();
        TreeSet<Long> seen = new TreeSet<>(visible.tailSet(position.after(), false));
        for (long one : asked) {
          if (visible.contains(one)) {
            seen.add(one);
          }
        }
        position.scanned(asked, List.copyOf(seen), true, transaction);
        if (position.wantsHorizon()) {
          position.horizon(transaction++);
        }
        found.addAll(seen);
        visible.removeAll(seen);
      }
      found.sort(null);
      assertEquals(List.copyOf(committed), found, "seed " + seed);
    }
  }

  private static RelayPosition settled() {
    RelayPosition position = new RelayPosition();
    position.takeOver(10, 5);
    position.scanned(NOTHING, List.of(10L), true, 5);
    position.horizon(6);
    position.scanned(position.lookups(), List.of(), true, 7);
    position.scanned(position.lookups(), List.of(10L), true, 7);
    return position;
  }
}
