package io.carillon.faults.simulation;

import io.carillon.faults.history.Entry;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A reader of some rooms that comes and goes, and always goes on where it was. */
final class SimulatedReader {
  /** Where it is in one room; {@code pumping}: a delivery is on its way. */
  private static final class Seat {
    final Log log;
    String epoch = "0";
    long seq;
    boolean fresh = true;
    boolean pumping;

    Seat(Log log) {
      this.log = log;
    }
  }

  final String name;
  private final World world;
  private final String via;
  private final int sleep;
  private final Map<Log, Seat> seats = new LinkedHashMap<>();
  private final Set<Log> forbidden = new HashSet<>();
  private boolean connected;
  private boolean staying;
  private int connection;

  SimulatedReader(World world, List<Log> logs, int number) {
    this.world = world;
    this.name = "reader-" + number;
    this.via = List.of("ws", "sse", "poll").get(number % 3);
    this.sleep = number % 4 == 3 ? 9_000 : 800;
    for (Log log : logs) {
      seats.put(log, new Seat(log));
    }
  }

  /** From now on it connects once more at most, and stays. */
  void stay() {
    staying = true;
  }

  void connect() {
    connected = true;
    int mine = ++connection;
    world.add(new Entry.Connect(world.now(), name, via, world.random.nextInt(3)));
    for (Seat seat : seats.values()) {
      if (!forbidden.contains(seat.log)) {
        join(seat);
      }
    }
    world.in(
        300,
        6_000,
        () -> {
          if (connected && connection == mine && !staying) {
            cut();
          }
        });
  }

  void cut() {
    if (connected) {
      connected = false;
      world.add(new Entry.Disconnect(world.now(), name, "cut"));
      world.in(50, staying ? 500 : sleep, this::connect);
    }
  }

  /** The right to a room is gone; something may still come for a while. */
  void forbid(Log log) {
    world.add(new Entry.Revoked(world.now(), name, log.room, Set.of(name)));
    world.in(100, 4_000, () -> forbidden.add(log));
  }

  private void join(Seat seat) {
    Log log = seat.log;
    boolean live = seat.fresh && world.chance(50);
    String after = live ? "" : seat.epoch + '.' + seat.seq;
    String broken = live ? "" : log.broken(seat.epoch, seat.seq);
    seat.fresh = false;
    if (live || !broken.isEmpty()) {
      world.add(
          new Entry.Joined(world.now(), name, log.room, after, log.cursor(), log.cursor(), false));
    } else {
      world.add(new Entry.Joined(world.now(), name, log.room, after, after, log.cursor(), true));
    }
    if (live) {
      place(seat);
    } else if (!broken.isEmpty()) {
      resync(seat, broken);
    }
    pump(seat);
  }

  private void place(Seat seat) {
    seat.epoch = seat.log.head() == 0 ? "0" : seat.log.epoch();
    seat.seq = seat.log.head();
  }

  private void resync(Seat seat, String reason) {
    Log log = seat.log;
    world.add(
        new Entry.Resync(
            world.now(), name, log.room, reason, log.cursor(), log.epoch() + '.' + log.floor()));
    place(seat);
  }

  /** Something happened in a room. */
  void ring(Log log) {
    Seat seat = seats.get(log);
    if (seat != null) {
      pump(seat);
    }
  }

  private void pump(Seat seat) {
    if (connected && !seat.pumping) {
      seat.pumping = true;
      int mine = connection;
      world.in(
          1,
          30,
          () -> {
            seat.pumping = false;
            if (connected && !forbidden.contains(seat.log)) {
              if (connection == mine) {
                deliver(seat);
              } else {
                pump(seat);
              }
            }
          });
    }
  }

  private void deliver(Seat seat) {
    Log log = seat.log;
    String broken = log.broken(seat.epoch, seat.seq);
    if (!broken.isEmpty()) {
      resync(seat, broken);
    }
    int many = 1 + world.random.nextInt(3);
    while (many-- > 0 && seat.seq < log.head()) {
      Log.Stored event = log.at(seat.seq + 1);
      world.add(
          new Entry.Delivered(
              world.now(), name, log.room, event.epoch(), event.seq(), event.id(), event.data()));
      seat.epoch = event.epoch();
      seat.seq = event.seq();
    }
    if (seat.seq < log.head()) {
      pump(seat);
    }
  }
}
