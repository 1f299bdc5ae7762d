package io.carillon.bench;

import io.carillon.bench.Scenario.Carrier;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What one client or one transaction does to everybody else: publish-to-deliver in a room of 100,
 * undisturbed, while a transaction of somebody else holds an event of the same room that it has not
 * committed, and while ten of the readers have stopped reading, in each round one after another;
 * then, once, while a transaction has kept a snapshot for {@code old} seconds, in slices.
 * Arguments: {@code kinds=undisturbed,open-transaction,stalled-readers,old-transaction rounds=5
 * seconds=6 warm=2 heat=20 rate=500 readers=100 stalled=10 old=60 slice=10 flags=-Xmx1g}.
 */
final class IsolationBench {
  private static final Set<String> ARGUMENTS =
      Set.of(
          "kinds", "rounds", "seconds", "warm", "heat", "rate", "readers", "stalled", "old",
          "slice", "flags");

  private static final String KINDS =
      "undisturbed,open-transaction,stalled-readers,old-transaction";

  private static final String OLD = "old-transaction";

  private static final String HELD = "select carillon.publish('bench:0', 'held', '{}'::jsonb)";

  private final Arguments arguments;
  private final Product product;
  private final Scenario scenario;
  private final Generator generator = new Generator();
  private final Map<Kind, List<Figures>> seen = new EnumMap<>(Kind.class);

  /** What happens besides. */
  private enum Kind {
    UNDISTURBED,
    OPEN_TRANSACTION,
    STALLED_READERS;

    static Kind named(String name) {
      return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
    }
  }

  private IsolationBench(Arguments arguments, Product product) throws Exception {
    this.arguments = arguments;
    this.product = product;
    int readers = arguments.number("readers", 100);
    List<String> pace = Scenario.rate(1, arguments.number("rate", 500));
    this.scenario = new Scenario("isolation", Carrier.WEBSOCKET, readers, 1, pace);
  }

  public static void main(String[] words) throws Exception {
    Arguments arguments = new Arguments(words, ARGUMENTS);
    System.out.println(Machine.described());
    System.out.println("IsolationBench " + String.join(" ", words));
    String flags = arguments.text("flags", "-Xmx1g");
    try (Product product = Product.start("isolation", Product.runtime(), flags)) {
      new IsolationBench(arguments, product).run();
    }
  }

  private void run() throws Exception {
    List<String> names = arguments.list("kinds", KINDS);
    List<Kind> kinds = names.stream().filter(name -> !name.equals(OLD)).map(Kind::named).toList();
    Figures unused = generator.run(product, scenario, 0, arguments.number("heat", 20));
    for (int round = 1; round <= arguments.number("rounds", 5); round++) {
      for (Kind kind : kinds) {
        Machine.Spent before = Machine.Spent.now();
        List<Figures> theirs = seen.computeIfAbsent(kind, k -> new ArrayList<>());
        theirs.add(measure(kind));
        double stolen = Machine.Spent.now().stolenSince(before);
        print("round %d, stolen %.0f %%".formatted(round, stolen), kind, theirs.getLast());
      }
    }
    seen.forEach((kind, runs) -> print("median of " + runs.size(), kind, Figures.medians(runs)));
    if (names.contains(OLD)) {
      int slice = arguments.number("slice", 10);
      int warm = arguments.number("warm", 2);
      int slices = Math.max(2, arguments.number("old", 60) / slice);
      new OldTransaction(product, () -> generator.run(product, scenario, warm, slice), slices)
          .run();
    }
  }

  private Figures measure(Kind kind) throws IOException, InterruptedException, SQLException {
    List<String> load =
        new ArrayList<>(
            Generator.load(scenario, arguments.number("warm", 2), arguments.number("seconds", 6)));
    if (kind == Kind.STALLED_READERS) {
      load.addAll(List.of("--stall", "" + arguments.number("stalled", 10)));
    }
    if (kind != Kind.OPEN_TRANSACTION) {
      return figures(load);
    }
    try (Connection connection = product.database().open();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(HELD);
      Figures figures = figures(load);
      connection.commit();
      return figures;
    }
  }

  private Figures figures(List<String> load) throws IOException, InterruptedException {
    JsonObject answer = generator.ask(product, scenario, load);
    return Figures.of(product, answer);
  }

  private static void print(String when, Kind kind, Figures f) {
    System.out.printf(
        "%s | %-16s | %,7.0f msg/s | p50 %.2f p99 %.2f p99.9 %.2f ms | %.2f µs a delivery,"
            + " database %.2f µs | wrong %.0f%n",
        when, kind, f.rate(), f.p50(), f.p99(), f.p999(), f.cpu(), f.databaseCpu(), f.wrong());
  }
}
