package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RoomName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Model of the relay's steps over an outbox whose rooms are locked at random: whatever is locked
 * and however much waits, each room's rows come into the log by ascending numbers, all of them.
 */
class RelayOrderTest {
  private static final int BATCH = 8;
  private static final int SEEDS = 150;

  @Test
  void theOrderOfARoomHoldsWhateverIsLocked() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      new Model(seed).run();
    }
  }

  /** One world; the time stands still but for what the calls take. */
  private static final class Model implements RelayMover.RelayTarget {
    private final long seed;
    private final RandomGenerator random;
    private final RelayPosition position = new RelayPosition();
    private final RelayQueue queue;
    private final RelayMover mover;
    private final TreeMap<Long, OutboxRow> outbox = new TreeMap<>();
    private final Map<String, List<Long>> log = new HashMap<>();
    private final Map<String, Long> lockedUntil = new HashMap<>();
    private final Set<Long> poison = new HashSet<>();
    private long now;
    private long number;

    Model(long seed) {
      this.seed = seed;
      this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      this.queue = new RelayQueue(random.nextBoolean() ? 64 : 100_000);
      this.mover = new RelayMover(queue, 2, () -> now, () -> {}, events -> {});
    }

    void run() {
      int rooms = 1 + random.nextInt(5);
      int perStep = 1 + random.nextInt(2 * BATCH);
      position.takeOver(0, 1);
      for (int step = 0; step < 200; step++) {
        for (int i = random.nextInt(perStep); i > 0; i--) {
          publish("r" + random.nextInt(rooms));
        }
        if (random.nextInt(10) == 0) {
          lockedUntil.put("r" + random.nextInt(rooms), now + millis(random.nextInt(4000)));
        }
        if (random.nextInt(150) == 0) {
          position.takeOver(number, 1);
          queue.clear();
        }
        step();
      }
      lockedUntil.clear();
      for (int i = 0; i < 3000 && !outbox.isEmpty(); i++) {
        step();
      }
      assertTrue(outbox.isEmpty(), () -> "left behind, seed " + seed + ": " + outbox.keySet());
      log.forEach(
          (room, numbers) ->
              assertEquals(numbers.stream().sorted().toList(), numbers, "seed " + seed));
      assertEquals(number, log.values().stream().mapToInt(List::size).sum() + mover.rejected());
    }

    private void publish(String room) {
      number++;
      outbox.put(number, RelayQueueTest.rows(room, number).getFirst());
      if (random.nextInt(2000) == 0) {
        poison.add(number);
      }
    }

    /** As {@code OutboxRelay.step}. */
    private void step() {
      now += millis(5);
      if (position.after() == 0) {
        queue.forgetRows();
      }
      queue.begin(now);
      long[] gaps = position.lookups();
      int limit = queue.full() ? 0 : BATCH;
      Map<Long, OutboxRow> seen =
          LongStream.concat(LongStream.of(gaps), LongStream.of(queue.lookups(BATCH)))
              .filter(one -> one <= position.after() && outbox.containsKey(one))
              .boxed()
              .collect(Collectors.toMap(Function.identity(), outbox::get));
      List<OutboxRow> fresh =
          outbox.tailMap(position.after(), false).values().stream().limit(limit).toList();
      fresh.forEach(row -> seen.put(row.number(), row));
      List<OutboxRow> rows = new ArrayList<>(new TreeMap<>(seen).values());
      queue.scanned(rows);
      position.scanned(
          gaps, rows.stream().map(OutboxRow::number).toList(), fresh.size() < limit, now);
      if (position.wantsHorizon()) {
        position.horizon(now);
      }
      try {
        mover.move(this, rows);
      } catch (SQLException failed) {
        throw new AssertionError("seed " + seed, failed);
      }
    }

    @Override
    public RelayMover.Moved move(List<OutboxRow> rows) throws SQLException {
      Set<String> rooms = rows.stream().map(OutboxRow::room).collect(Collectors.toSet());
      if (rooms.stream().anyMatch(room -> now < lockedUntil.getOrDefault(room, now))) {
        now += millis(250); // the lock's timeout
        throw new SQLException("locked", random.nextInt(4) == 0 ? "40P01" : "55P03");
      }
      if (rows.stream().anyMatch(row -> poison.contains(row.number()))) {
        throw new SQLException("poison", "22023");
      }
      if (random.nextInt(100) == 0) {
        throw new SQLException("no partition", "23514");
      }
      if (random.nextInt(100) == 0) {
        return new RelayMover.Moved(List.of(), List.of(), null); // the lease was gone
      }
      for (OutboxRow row : rows) {
        outbox.remove(row.number());
        log.computeIfAbsent(row.room(), room -> new ArrayList<>()).add(row.number());
      }
      return new RelayMover.Moved(rows.stream().map(OutboxRow::number).toList(), List.of(), null);
    }

    @Override
    public void reject(OutboxRow row, String reason) {
      outbox.remove(row.number());
    }

    @Override
    public Map<RoomName, Long> makeRooms(Collection<RoomName> names) {
      return names.stream().collect(Collectors.toMap(Function.identity(), name -> 1L));
    }

    @Override
    public int makeDays() {
      return 1;
    }

    private static long millis(long millis) {
      return TimeUnit.MILLISECONDS.toNanos(millis);
    }
  }
}
