package io.carillon.bench;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One, two and four instances on one database, with the same readers and publishers spread over
 * them: deliveries a second, what a delivery costs the instance that makes it, and what a publish
 * costs the database. All instances share the machine, so that the sum of what they deliver says
 * nothing about more machines; the cost of each does. Prints every run, then one table with the run
 * of each kind whose cost was the median. Arguments: {@code instances=1,2,4 rounds=3 seconds=4
 * warm=1 heat=10 scenarios=A1,A2,A3 flags=-Xmx1g}.
 */
final class ScaleBench {
  private static final Set<String> ARGUMENTS =
      Set.of("instances", "rounds", "seconds", "warm", "heat", "scenarios", "flags");
  private static final String TABLE =
      "| instances | load | deliveries/s | p50, p99 ms | µs a delivery, all instances"
          + " | µs a delivery of its own, each instance | µs a publish, database | wrong |";

  private final Arguments arguments;
  private final Generator generator = new Generator();
  private final Map<Integer, List<Row>> table = new TreeMap<>();

  /**
   * One run.
   *
   * @param own microseconds of each instance a delivery of its own
   */
  private record Row(int instances, String load, Figures figures, List<Double> own) {
    @Override
    public String toString() {
      return "| %d | %s | %,.0f | %.1f, %.1f | %.2f | %s | %.0f | %.0f |"
          .formatted(
              instances,
              load,
              figures.rate(),
              figures.p50(),
              figures.p99(),
              figures.cpu(),
              String.join(", ", own.stream().map("%.2f"::formatted).toList()),
              figures.databaseCpu() * figures.rate() / figures.publishes(),
              figures.wrong());
    }
  }

  private ScaleBench(Arguments arguments) throws Exception {
    this.arguments = arguments;
  }

  public static void main(String[] words) throws Exception {
    ScaleBench bench = new ScaleBench(new Arguments(words, ARGUMENTS));
    System.out.println(Machine.described());
    System.out.println("ScaleBench " + String.join(" ", words));
    System.out.println(TABLE);
    for (String count : bench.arguments.list("instances", "1,2,4")) {
      bench.measure(Integer.parseInt(count));
    }
    System.out.println("Medians:\n" + TABLE);
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
    bench.table.values().forEach(rows -> rows.forEach(System.out::println));
  }

  private void measure(int instances) throws Exception {
    String flags = arguments.text("flags", "-Xmx1g");
    List<Scenario> scenarios =
        arguments.list("scenarios", "A1,A2,A3").stream().map(Scenario::named).toList();
    try (Product product = Product.start("scale", Product.runtime(), flags, instances)) {
      int heat = arguments.number("heat", 10);
      for (Scenario scenario : scenarios) {
        if (heat > 0) {
          Figures unused = generator.run(product, scenario, 0, heat);
        }
      }
      List<Row> medians = new ArrayList<>();
      for (Scenario scenario : scenarios) {
        List<Row> rows = new ArrayList<>();
        for (int round = arguments.number("rounds", 3); round > 0; round--) {
          rows.add(run(product, scenario, instances));
          System.out.println(rows.getLast());
        }
        rows.sort(Comparator.comparingDouble(row -> row.figures().cpu()));
        medians.add(rows.get(rows.size() / 2));
      }
      table.put(instances, medians);
    }
  }

  private Row run(Product product, Scenario scenario, int instances) throws Exception {
    int warm = arguments.number("warm", 1);
    int seconds = arguments.number("seconds", 4);
    List<String> load = Generator.load(scenario, warm, seconds);
    JsonObject answer = generator.ask(product, scenario, load);
    Figures figures = Figures.of(product, answer);
    List<Double> own = new ArrayList<>();
    List<Double> each = List.copyOf(figures.each().values());
    List<Double> shares = shares(answer, instances);
    for (int i = 0; i < instances; i++) {
      own.add(each.get(i) / shares.get(i));
    }
    return new Row(instances, scenario.name(), figures, own);
  }

  /** What part of the deliveries each instance made. */
  private static List<Double> shares(JsonObject answer, int instances) {
    JsonArray targets = answer.getJsonArray("by_target");
    if (instances == 1 || targets == null) {
      return List.of(1.0);
    }
    List<Double> made =
        targets.getValuesAs(JsonObject.class).stream()
            .map(target -> target.getJsonNumber("n").doubleValue())
            .toList();
    double all = made.stream().mapToDouble(n -> n).sum();
    return made.stream().map(n -> n / all).toList();
  }
}
