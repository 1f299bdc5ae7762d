package io.carillon.faults.simulation;

import io.carillon.faults.history.Entry;
import java.util.List;
import java.util.function.Consumer;

/** A publisher that awaits each publish and retries what is unknown with its key. */
final class Publishing {
  private final World world;
  private final List<Log> logs;
  private final Consumer<Log> bell;
  private final String name;
  private final String via;
  private final int[] ops;
  private boolean stopped;

  Publishing(World world, List<Log> logs, Consumer<Log> bell, int number, int[] ops) {
    this.world = world;
    this.logs = logs;
    this.bell = bell;
    this.name = "publisher-" + number;
    this.via = List.of("ws", "rest", "batch", "sql").get(number % 4);
    this.ops = ops;
  }

  void stop() {
    stopped = true;
  }

  void next() {
    if (!stopped) {
      world.in(20, 400, () -> begin(ops[0]++, logs.get(world.random.nextInt(logs.size()))));
    }
  }

  private void begin(int op, Log log) {
    String key = "key-" + op;
    String data = "{\"op\":" + op + ",\"x\":[1.50, \"é\"]}";
    send(op, log, key, data);
    if (via.equals("sql")) {
      world.in(2, 20, () -> commit(op, log, key, data));
    } else if (world.chance(5)) {
      world.in(1, 5, () -> refuse(op, "rate"));
    } else {
      attempt(op, log, key, data);
    }
  }

  private void send(int op, Log log, String key, String data) {
    world.add(new Entry.Publish(world.now(), op, name, via, log.room, key, data));
  }

  private void refuse(int op, String code) {
    world.add(new Entry.Refused(world.now(), op, code));
    next();
  }

  private void attempt(int op, Log log, String key, String data) {
    boolean stores = !world.chance(5);
    if (stores) {
      world.in(1, 15, () -> store(op, log, key, data));
    } else {
      world.in(5, 15, () -> unknown(op, log, key, data));
    }
  }

  private void store(int op, Log log, String key, String data) {
    boolean duplicate = log.find(key) != null;
    Log.Stored stored = log.append(key, data, op);
    bell.accept(log);
    boolean lost = world.chance(8);
    world.in(
        1,
        8,
        () -> {
          if (lost || !stored.equals(log.find(key))) {
            unknown(op, log, key, data);
          } else {
            world.add(
                new Entry.Acked(world.now(), op, stored.epoch(), stored.seq(), key, duplicate));
            next();
          }
        });
  }

  private void unknown(int op, Log log, String key, String data) {
    world.add(new Entry.Unknown(world.now(), op, "connection lost"));
    if (world.chance(50)) {
      next();
    } else {
      world.in(
          10,
          200,
          () -> {
            send(op, log, key, data);
            attempt(op, log, key, data);
          });
    }
  }

  private void commit(int op, Log log, String key, String data) {
    if (world.chance(10)) {
      refuse(op, "rolled back");
      return;
    }
    world.add(new Entry.Committed(world.now(), op, key));
    world.in(
        10, 500, () -> relay(op, log, key, data.replace(",\"", ", \"").replace("1.50", "1.5")));
    next();
  }

  private void relay(int op, Log log, String key, String data) {
    log.append(key, data, op);
    bell.accept(log);
  }
}
