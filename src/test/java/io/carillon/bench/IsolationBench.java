package io.carillon.bench;

import io.carillon.bench.Scenario.Carrier;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What one client or one transaction does to everybody else: publish-to-deliver in a room of 100,
 * undisturbed, while a transaction of somebody else holds an event of the same room that it has not
 * committed, while ten of the readers have stopped reading, and while another room has {@code hot}
 * readers and {@code hot-rate} events a second, in each round one after another; then, once, while
 * a transaction has kept a snapshot for {@code old} seconds, in slices. Arguments: {@code
 * kinds=undisturbed,open-transaction,stalled-readers,hot-room,old-transaction rounds=5 seconds=6
 * warm=2 heat=20 rate=500 readers=100 stalled=10 hot=5000 hot-rate=10 old=60 slice=10 flags=-Xmx1g
 * others=before:/path/to/another/wlp}, the last to compare versions in the same rounds, not for the
 * old transaction. Further kinds are floods by one other user, {@code flood=400} a second from
 * {@code flooders=8} threads: {@code history-flood,connect-churn,large-publishes,tickets}; with
 * {@code limits=on} under the limits of production, else without any.
 */
final class IsolationBench {
  private static final Set<String> ARGUMENTS =
      Set.of(
          "kinds",
          "rounds",
          "seconds",
          "warm",
          "heat",
          "rate",
          "readers",
          "stalled",
          "old",
          "slice",
          "flags",
          "hot",
          "hot-rate",
          "flood",
          "flooders",
          "limits",
          "others");

  private static final String KINDS =
      "undisturbed,open-transaction,stalled-readers,hot-room,old-transaction";

  private static final String OLD = "old-transaction";

  /** Longer than a run, in seconds. */
  private static final int LONG = 120;

  private static final String HELD = "select carillon.publish('bench:0', 'held', '{}'::jsonb)";

  private final Arguments arguments;
  private final List<Product> products;
  private final Scenario scenario;
  private final Generator generator = new Generator();
  private final Map<Kind, Map<Product, List<Figures>>> seen = new EnumMap<>(Kind.class);

  /** What happens besides. */
  private enum Kind {
    UNDISTURBED,
    OPEN_TRANSACTION,
    STALLED_READERS,
    HOT_ROOM,
    HISTORY_FLOOD,
    CONNECT_CHURN,
    LARGE_PUBLISHES,
    TICKETS;

    static Kind named(String name) {
      return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
    }
  }

  private IsolationBench(Arguments arguments, List<Product> products) throws Exception {
    this.arguments = arguments;
    this.products = products;
    int readers = arguments.number("readers", 100);
    List<String> pace = Scenario.rate(1, arguments.number("rate", 500));
    this.scenario = new Scenario("isolation", Carrier.WEBSOCKET, readers, 1, pace);
  }

  public static void main(String[] words) throws Exception {
    Arguments arguments = new Arguments(words, ARGUMENTS);
    System.out.println(Machine.described());
    System.out.println("IsolationBench " + String.join(" ", words));
    String flags = arguments.text("flags", "-Xmx1g");
    List<Product> products = new ArrayList<>();
    try {
      Map<String, String> settings =
          arguments.text("limits", "off").equals("on") ? Flood.limits() : Map.of();
      products.add(Product.start("isolation", Product.runtime(), flags, 1, settings));
      for (String other : arguments.list("others", "")) {
        String[] named = other.split(":", 2);
        products.add(Product.start(named[0], Path.of(named[1]), flags));
      }
      new IsolationBench(arguments, products).run();
    } finally {
      products.forEach(Product::close);
    }
  }

  private void run() throws Exception {
    List<String> names = arguments.list("kinds", KINDS);
    List<Kind> kinds = names.stream().filter(name -> !name.equals(OLD)).map(Kind::named).toList();
    for (Product product : products) {
      Figures unused = generator.run(product, scenario, 0, arguments.number("heat", 20));
    }
    for (int round = 1; round <= arguments.number("rounds", 5); round++) {
      for (Kind kind : kinds) {
        for (Product product : products) {
          Machine.Spent before = Machine.Spent.now();
          Figures figures = measure(product, kind);
          seen.computeIfAbsent(kind, k -> new LinkedHashMap<>())
              .computeIfAbsent(product, p -> new ArrayList<>())
              .add(figures);
          double stolen = Machine.Spent.now().stolenSince(before);
          print("round %d, stolen %.0f %%".formatted(round, stolen), product, kind, figures);
        }
      }
    }
    seen.forEach(
        (kind, all) ->
            all.forEach(
                (product, runs) ->
                    print("median of " + runs.size(), product, kind, Figures.medians(runs))));
    if (names.contains(OLD)) {
      int slice = arguments.number("slice", 10);
      int warm = arguments.number("warm", 2);
      Product product = products.getFirst();
      int slices = Math.max(2, arguments.number("old", 60) / slice);
      new OldTransaction(product, () -> generator.run(product, scenario, warm, slice), slices)
          .run();
    }
  }

  private Figures measure(Product product, Kind kind)
      throws IOException, InterruptedException, SQLException {
    List<String> load =
        new ArrayList<>(
            Generator.load(scenario, arguments.number("warm", 2), arguments.number("seconds", 6)));
    if (kind == Kind.STALLED_READERS) {
      load.addAll(List.of("--stall", "" + arguments.number("stalled", 10)));
    }
    return switch (kind) {
      case UNDISTURBED, STALLED_READERS -> figures(product, load);
      case HOT_ROOM -> besideHotRoom(product, load);
      case OPEN_TRANSACTION -> besideTransaction(product, load);
      case HISTORY_FLOOD -> besideFlood(product, load, Flood.Wish.HISTORY_FLOOD);
      case CONNECT_CHURN -> besideFlood(product, load, Flood.Wish.CONNECT_CHURN);
      case LARGE_PUBLISHES -> besideFlood(product, load, Flood.Wish.LARGE_PUBLISHES);
      case TICKETS -> besideFlood(product, load, Flood.Wish.TICKETS);
    };
  }

  private Figures besideFlood(Product product, List<String> load, Flood.Wish wish)
      throws IOException, InterruptedException {
    int rate = arguments.number("flood", 400);
    try (Flood flood = Flood.start(product, wish, rate, arguments.number("flooders", 8))) {
      // What may come at once has come by then; from now on it is the rate that counts.
      TimeUnit.SECONDS.sleep(5);
      Figures figures = figures(product, load);
      System.out.println(wish + ": " + flood.rates());
      return figures;
    }
  }

  private Figures besideTransaction(Product product, List<String> load)
      throws IOException, InterruptedException, SQLException {
    try (Connection connection = product.database().open();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(HELD);
      Figures figures = figures(product, load);
      connection.commit();
      return figures;
    }
  }

  private Figures besideHotRoom(Product product, List<String> load)
      throws IOException, InterruptedException {
    int readers = arguments.number("hot", 5000);
    List<String> pace = Scenario.rate(1, arguments.number("hot-rate", 10));
    Scenario hot = new Scenario("hot", Carrier.WEBSOCKET, readers, 1, pace);
    long before = Machine.connections(product.instance(0).port());
    Process crowd =
        generator.start(new OtherRooms(product, "hot:"), hot, Generator.load(hot, 0, LONG));
    try {
      int patience = LONG;
      while (Machine.connections(product.instance(0).port()) < before + readers) {
        if (patience-- == 0) {
          throw new IllegalStateException("the readers of the hot room do not come up");
        }
        TimeUnit.SECONDS.sleep(1);
      }
      // They have to join, and the hot room's first events come.
      TimeUnit.SECONDS.sleep(5);
      return figures(product, load);
    } finally {
      crowd.destroy();
      crowd.waitFor();
      TimeUnit.SECONDS.sleep(2);
    }
  }

  private Figures figures(Product product, List<String> load)
      throws IOException, InterruptedException {
    JsonObject answer = generator.ask(product, scenario, load);
    return Figures.of(product, answer);
  }

  private static void print(String when, Product product, Kind kind, Figures f) {
    System.out.printf(
        "%s | %-9s | %-16s | %,7.0f msg/s | p50 %.2f p99 %.2f p99.9 %.2f ms | %.2f µs a delivery,"
            + " database %.2f µs | wrong %.0f%n",
        when,
        product.name(),
        kind,
        f.rate(),
        f.p50(),
        f.p99(),
        f.p999(),
        f.cpu(),
        f.databaseCpu(),
        f.wrong());
  }
}
