package io.carillon.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * One, two and four instances on one database, with the same readers and publishers spread over
 * them: deliveries a second, what a delivery costs the instance that makes it, and what a publish
 * costs the database. All instances share the machine, so that the sum of what they deliver says
 * nothing about more machines; the cost of each does. Prints every run, then one table of medians.
 * Arguments: {@code instances=1,2,4 rounds=3 seconds=4 warm=1 heat=10 scenarios=A1,A2,A3
 * flags=-Xmx1g}.
 */
final class ScaleBench {
  private static final Set<String> ARGUMENTS = Rounds.arguments("instances", "scenarios", "flags");
  private static final List<String> TABLE =
      List.of(
          "run",
          "load",
          "instances",
          "deliveries/s",
          "p50, p99 ms",
          "µs a delivery, all instances",
          "µs a delivery of its own, each instance",
          "µs a publish, database",
          "wrong");

  private ScaleBench() {}

  public static void main(String[] words) throws Exception {
    Arguments arguments = new Arguments(words, ARGUMENTS);
    System.out.println(Machine.described());
    System.out.println("ScaleBench " + String.join(" ", words));
    System.out.println(row(TABLE));
    List<Scenario> scenarios =
        arguments.list("scenarios", "A1,A2,A3").stream().map(Scenario::named).toList();
    Rounds rounds = new Rounds(arguments, 4, 1, ScaleBench::line);
    for (String count : arguments.list("instances", "1,2,4")) {
      String flags = arguments.text("flags", "-Xmx1g");
      int instances = Integer.parseInt(count);
      try (Product product = Product.start("scale", Product.runtime(), flags, instances)) {
        rounds.run(List.of(product), scenarios);
      }
    }
    System.out.println("Medians:\n" + row(TABLE));
    System.out.println(row(Collections.nCopies(TABLE.size(), "---")));
    rounds.printMedians();
  }

  private static String line(Rounds.Line line) {
    Figures f = line.figures();
    return row(
        List.of(
            line.when(),
            line.scenario().name(),
            "" + line.contender().targets().size(),
            "%,.0f".formatted(f.rate()),
            "%.1f, %.1f".formatted(f.p50(), f.p99()),
            "%.2f".formatted(f.cpu()),
            String.join(", ", own(f)),
            "%.0f".formatted(f.databaseCpu() * f.rate() / f.publishes()),
            "%.0f".formatted(f.wrong())));
  }

  /** What a delivery costs each instance that makes it. */
  private static List<String> own(Figures f) {
    List<Double> each = List.copyOf(f.each().values());
    List<String> own = new ArrayList<>();
    for (int i = 0; i < f.shares().size(); i++) {
      own.add("%.2f".formatted(each.get(i) / f.shares().get(i)));
    }
    return own;
  }

  private static String row(List<String> columns) {
    return "| " + String.join(" | ", columns) + " |";
  }
}
