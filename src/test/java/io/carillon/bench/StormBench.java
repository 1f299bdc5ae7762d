package io.carillon.bench;

import io.carillon.faults.client.Swarm;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Storms of readers. Join: all connect and join at once. Resume: an instance with all the readers
 * is killed while their rooms get an event a second, and all come to another one with their
 * cursors, by the backoff of our clients (full jitter below a second at first). Prints for each how
 * long it took until half, nine in ten, 99 in 100 and all were there, what it cost the instance and
 * the database, and what was lost or doubled, which must be nothing. Arguments: {@code
 * kinds=join,resume readers=10000 rooms=100 rounds=3 heat=2000 flags=-Xmx1g}, {@code heat} being
 * readers that come and go before the first round.
 */
final class StormBench {
  private static final Set<String> ARGUMENTS =
      Set.of("kinds", "readers", "rooms", "rounds", "heat", "flags");
  private static final int PATIENCE_SECONDS = 180;
  private static final List<Double> PARTS = List.of(0.5, 0.9, 0.99, 1.0);

  private final Arguments arguments;
  private final int readers;
  private final int rooms;

  private StormBench(Arguments arguments) {
    this.arguments = arguments;
    this.readers = arguments.number("readers", 10_000);
    this.rooms = arguments.number("rooms", 100);
  }

  public static void main(String[] words) throws Exception {
    StormBench bench = new StormBench(new Arguments(words, ARGUMENTS));
    System.out.println(Machine.described());
    System.out.println("StormBench " + String.join(" ", words));
    String flags = bench.arguments.text("flags", "-Xmx1g");
    for (String kind : bench.arguments.list("kinds", "join,resume")) {
      int instances = kind.equals("join") ? 1 : 2;
      try (Product product = Product.start("storm", Product.runtime(), flags, instances)) {
        bench.heat(product, instances);
        for (int round = 1; round <= bench.arguments.number("rounds", 3); round++) {
          switch (kind) {
            case "join" -> bench.join(product, round);
            case "resume" -> bench.resume(product, round);
            default -> throw new IllegalArgumentException("no storm " + kind);
          }
        }
      }
    }
  }

  /** Readers come to each instance and go again: the compiler has seen the code. */
  private void heat(Product product, int instances) throws Exception {
    int count = arguments.number("heat", 2000);
    for (int i = 0; i < instances && count > 0; i++) {
      try (Swarm swarm = swarm(product)) {
        gather(swarm, i, count, "heat" + i + ":");
      }
    }
  }

  private void join(Product product, int round) throws Exception {
    awaitNobody(product);
    try (Swarm swarm = swarm(product)) {
      Cost cost = Cost.begin(product, 0);
      long start = System.nanoTime();
      addAll(swarm, 0, readers, "join" + round + ":");
      String times = awaitJoined(swarm, readers, start);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "round %d, load %.1f | join | %d readers in %d rooms | joined after %s"
              + " | %,.0f joins/s | attempts %d, refused %d | %s%n",
          round,
          Machine.load(),
          readers,
          rooms,
          times,
          readers / seconds,
          swarm.connects(),
          swarm.refused(),
          cost.end(readers));
    }
  }

  private void resume(Product product, int round) throws Exception {
    String prefix = "resume" + round + ":";
    try (Swarm swarm = swarm(product)) {
      gather(swarm, 0, readers, prefix);
      URI other = product.instance(1).uri("/");
      try (Talk talk = new Talk(other, product.token(), prefix, rooms)) {
        TimeUnit.SECONDS.sleep(3);
        Cost cost = Cost.begin(product, 1);
        long attempts = swarm.connects();
        long refused = swarm.refused();
        long start = System.nanoTime();
        product.instance(0).kill();
        String times = awaitBack(swarm, start);
        String price = cost.end(readers);
        long said = talk.said();
        long due = said * readers;
        awaitEvents(swarm, due);
        System.out.printf(
            "round %d, load %.1f | resume | %d readers in %d rooms | back after %s"
                + " | attempts %d, refused %d, told to begin anew %d | %s"
                + " | events %d, lost %d, doubled or out of order %d%n",
            round,
            Machine.load(),
            readers,
            rooms,
            times,
            swarm.connects() - attempts,
            swarm.refused() - refused,
            swarm.resyncs(),
            price,
            due,
            due - swarm.events(),
            swarm.wrong());
      }
    }
    product.instance(0).start();
    product.awaitReady(0);
  }

  private static Swarm swarm(Product product) throws Exception {
    List<URI> addresses =
        product.targets().stream().map(target -> URI.create("http://" + target + "/")).toList();
    return new Swarm(addresses, product.token(), new Random(7));
  }

  /** Lets readers come without haste. */
  private void gather(Swarm swarm, int instance, int count, String prefix) throws Exception {
    for (int i = 0; i < count; i++) {
      swarm.add(instance, prefix + i % rooms, "", i / 2);
    }
    if (!swarm.awaitJoined(count, TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))) {
      throw new IllegalStateException("only " + swarm.joined() + " of " + count + " joined");
    }
  }

  private void addAll(Swarm swarm, int instance, int count, String prefix) {
    for (int i = 0; i < count; i++) {
      swarm.add(instance, prefix + i % rooms, "", 0);
    }
  }

  /** All have noticed that the instance is gone, and have joined again. */
  private String awaitBack(Swarm swarm, long start) throws InterruptedException {
    StringBuilder times = new StringBuilder();
    for (double part : PARTS) {
      int wanted = (int) (readers * part);
      while (swarm.joined() - Math.max(0, readers - swarm.losses()) < wanted) {
        pause(start);
      }
      append(times, part, start);
    }
    return times.toString();
  }

  private static String awaitJoined(Swarm swarm, int count, long start)
      throws InterruptedException {
    StringBuilder times = new StringBuilder();
    for (double part : PARTS) {
      while (swarm.joined() < count * part) {
        pause(start);
      }
      append(times, part, start);
    }
    return times.toString();
  }

  private static void append(StringBuilder times, double part, long start) {
    times.append(times.isEmpty() ? "" : ", ");
    times.append("%.2f s (%.0f %%)".formatted((System.nanoTime() - start) / 1e9, part * 100));
  }

  private static void pause(long start) throws InterruptedException {
    if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
      throw new IllegalStateException("not all are there after " + PATIENCE_SECONDS + " s");
    }
    TimeUnit.MILLISECONDS.sleep(2);
  }

  private static void awaitEvents(Swarm swarm, long due) throws InterruptedException {
    for (int i = 0; swarm.events() < due && i < 100; i++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static void awaitNobody(Product product) throws Exception {
    for (int i = 0; product.connections() > 0; i++) {
      if (i > PATIENCE_SECONDS) {
        throw new IllegalStateException("the readers before do not go");
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }
}
