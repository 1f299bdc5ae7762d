package io.carillon.faults.simulation;

import io.carillon.faults.history.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a history of some seconds of virtual time: publishers of every kind with retries and
 * unknown outcomes, readers that come and go, retention, members and observers, a right that is
 * withdrawn, a fault, samples of resources; with {@code lossy} the fault is a failover that loses
 * the last events. Everything in it is right.
 */
public final class Simulation {
  /** Milliseconds. */
  private static final int CALM = 10_000;

  private static final int LONG = 45_000;
  private static final int KEPT = 10;
  private static final List<String> TRANSPORTS = List.of("ws", "sse", "history");

  private final World world;
  private final boolean lossy;
  private final List<Log> logs = new ArrayList<>();
  private final List<SimulatedReader> readers = new ArrayList<>();
  private final List<Publishing> publishers = new ArrayList<>();

  private Simulation(long seed, boolean lossy) {
    this.world = new World(seed);
    this.lossy = lossy;
  }

  /** Readers that stay away for long. */
  public static Set<String> sleepers() {
    return Set.of("reader-3", "reader-7");
  }

  /** The history of a seed. */
  public static List<Entry> history(long seed, boolean lossy) {
    Simulation simulation = new Simulation(seed, lossy);
    simulation.run();
    return simulation.world.entries;
  }

  private void run() {
    for (int i = 0; i < 3; i++) {
      logs.add(new Log("room-" + i));
    }
    int[] ops = {1};
    for (int i = 0; i < 8; i++) {
      SimulatedReader reader =
          new SimulatedReader(world, List.of(logs.get(i % 3), logs.get((i + 1) % 3)), i);
      readers.add(reader);
      world.in(0, 3_000, reader::connect);
    }
    for (int i = 0; i < 4; i++) {
      Publishing publisher = new Publishing(world, logs, this::ring, i, ops);
      publishers.add(publisher);
      publisher.next();
    }
    Attending attending = new Attending(world, "room-0");
    attending.begin(4, 2);
    sample();
    world.run(CALM);
    fault();
    for (int i = 1; i < 20; i++) {
      world.in(i * 2_000L, () -> logs.get(1).retain(KEPT));
    }
    world.in(2 * CALM, () -> readers.get(0).forbid(logs.get(0)));
    world.run(LONG);
    publishers.forEach(Publishing::stop);
    readers.forEach(SimulatedReader::stay);
    attending.stop();
    world.run(3L * CALM);
    world.add(new Entry.Settled(world.now()));
    table();
  }

  private void ring(Log log) {
    readers.forEach(reader -> reader.ring(log));
  }

  private void sample() {
    for (int i = 0; i < 3; i++) {
      world.add(
          new Entry.Resources(
              world.now(),
              i,
              Map.of("descriptors", 100L + world.random.nextInt(9), "threads", 40L)));
    }
    world.in(2_000, this::sample);
  }

  private void fault() {
    world.add(new Entry.FaultOn(world.now(), lossy ? "failover" : "reset", "all"));
    for (SimulatedReader reader : readers) {
      if (world.chance(60)) {
        reader.cut();
      }
    }
    if (lossy) {
      logs.forEach(log -> log.rewind(world.random.nextInt(6)));
    }
    world.in(
        1_000,
        () -> world.add(new Entry.FaultOff(world.now(), lossy ? "failover" : "reset", "healed")));
  }

  private void table() {
    for (Log log : logs) {
      world.add(new Entry.Head(world.now(), log.room, log.epoch(), log.head(), log.floor()));
      log.forks.forEach(
          (epoch, seq) -> world.add(new Entry.Fork(world.now(), log.room, epoch, seq)));
      for (long seq = log.floor() + 1; seq <= log.head(); seq++) {
        Log.Stored row = log.at(seq);
        world.add(new Entry.Row(world.now(), log.room, row.epoch(), seq, row.id(), row.data()));
      }
    }
    for (String via : TRANSPORTS) {
      logs.forEach(log -> replay(via, log));
    }
  }

  private void replay(String via, Log log) {
    for (long seq = log.floor() + 1; seq <= log.head(); seq++) {
      Log.Stored row = log.at(seq);
      world.add(
          new Entry.Replayed(world.now(), via, log.room, row.epoch(), seq, row.id(), row.data()));
    }
    world.add(new Entry.ReplayEnd(world.now(), via, log.room, log.cursor()));
  }
}
