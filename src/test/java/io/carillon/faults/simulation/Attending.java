package io.carillon.faults.simulation;

import io.carillon.faults.history.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Members of a room that come and go in every way, and observers that are told late. */
final class Attending {
  private static final long TOLD = Duration.ofSeconds(2).toNanos();
  private static final long CLOSED = Duration.ofSeconds(8).toNanos();

  private final World world;
  private final String room;
  private final Set<String> shown = new TreeSet<>();
  private final List<Observing> observers = new ArrayList<>();
  private boolean stopped;

  Attending(World world, String room) {
    this.world = world;
    this.room = room;
  }

  void begin(int members, int watchers) {
    for (int i = 0; i < watchers; i++) {
      Observing observer = new Observing("observer-" + i);
      observers.add(observer);
      observer.connect();
    }
    for (int i = 0; i < members; i++) {
      String user = "user-" + i;
      world.in(0, 2_000, () -> come(user));
    }
  }

  void stop() {
    stopped = true;
  }

  private void truth(String user, boolean present, long within) {
    world.add(new Entry.Presence(world.now(), user, room, present, within));
  }

  private void show(String user, boolean present) {
    if (present ? shown.add(user) : shown.remove(user)) {
      observers.forEach(Observing::ring);
    }
  }

  private void come(String user) {
    if (stopped) {
      return;
    }
    show(user, true);
    world.in(
        1,
        300,
        () -> {
          truth(user, true, TOLD);
          world.in(8_000, 40_000, () -> go(user));
        });
  }

  private void go(String user) {
    if (stopped) {
      return;
    }
    switch (world.random.nextInt(3)) {
      case 0 -> {
        show(user, false);
        world.in(
            1,
            300,
            () -> {
              truth(user, false, TOLD);
              world.in(500, 20_000, () -> come(user));
            });
      }
      case 1 -> {
        truth(user, false, CLOSED);
        world.in(5_000, () -> show(user, false));
        world.in(9_000, 20_000, () -> come(user));
      }
      default -> {
        truth(user, false, CLOSED);
        world.in(
            100,
            4_500,
            () -> {
              truth(user, true, TOLD);
              world.in(8_000, 40_000, () -> go(user));
            });
      }
    }
  }

  /** One that follows the members, reconnecting now and then. */
  private final class Observing {
    private final String name;
    private boolean connected;
    private int connection;

    Observing(String name) {
      this.name = name;
    }

    void connect() {
      connected = true;
      connection++;
      world.add(new Entry.Connect(world.now(), name, "presence", 0));
      view();
      world.in(2_000, 20_000, this::cut);
    }

    private void cut() {
      connected = false;
      world.add(new Entry.Disconnect(world.now(), name, "cut"));
      world.in(50, 3_000, this::connect);
    }

    void ring() {
      int mine = connection;
      world.in(
          1,
          900,
          () -> {
            if (connected && connection == mine) {
              view();
            }
          });
    }

    private void view() {
      world.add(new Entry.View(world.now(), name, room, Set.copyOf(shown)));
    }
  }
}
