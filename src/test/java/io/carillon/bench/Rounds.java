package io.carillon.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Servers side by side: round by round, under each load one after another, so that what the machine
 * does besides meets all of them. Prints every run, and the medians when asked. Takes the arguments
 * {@code rounds}, {@code seconds}, {@code warm}, {@code heat}, {@code stolen} and {@code patience}:
 * a run during which the host gave more of the processors to others than {@code stolen} percent
 * does not count and is made again when it is quieter, until {@code patience} seconds have gone by.
 */
final class Rounds {
  private static final Set<String> ARGUMENTS =
      Set.of("rounds", "seconds", "warm", "heat", "stolen", "patience");

  private final Generator generator = new Generator();
  private final Function<Line, String> format;
  private final int rounds;
  private final int seconds;
  private final int warm;
  private final int heat;
  private final Quiet quiet;
  private final Map<Scenario, Map<Contender, List<Figures>>> seen = new LinkedHashMap<>();

  /**
   * What is printed of a run, or of all runs of a contender under a load.
   *
   * @param when which round, or how many of which this is the median
   * @param ratio of the processor time a delivery to that of whoever came first under this load, in
   *     the same round
   */
  record Line(String when, Scenario scenario, Contender contender, Figures figures, double ratio) {}

  /**
   * Nothing is measured yet.
   *
   * @param seconds that are measured, unless the arguments say otherwise
   * @param warm seconds under load before them, unless the arguments say otherwise
   * @param format how a line is printed
   */
  Rounds(Arguments arguments, int seconds, int warm, Function<Line, String> format)
      throws IOException, InterruptedException {
    this.rounds = arguments.number("rounds", 3);
    this.seconds = arguments.number("seconds", seconds);
    this.warm = arguments.number("warm", warm);
    this.heat = arguments.number("heat", 10);
    this.quiet = new Quiet(arguments.number("stolen", 100), arguments.number("patience", 600));
    this.format = format;
  }

  /** The arguments of a bench that is made of rounds: those that they take, and its own. */
  static Set<String> arguments(String... own) {
    Set<String> all = new HashSet<>(ARGUMENTS);
    all.addAll(List.of(own));
    return Set.copyOf(all);
  }

  /** Measures all of them under each of these loads that they take. */
  void run(List<Contender> contenders, List<Scenario> scenarios)
      throws IOException, InterruptedException {
    for (Scenario scenario : scenarios) {
      for (Contender contender : takers(contenders, scenario)) {
        heat(contender, scenario);
      }
    }
    for (int round = 1; round <= rounds; round++) {
      for (Scenario scenario : scenarios) {
        for (Contender contender : takers(contenders, scenario)) {
          measure(round, contender, scenario);
        }
      }
    }
  }

  private static List<Contender> takers(List<Contender> contenders, Scenario scenario) {
    return contenders.stream().filter(contender -> contender.takes(scenario)).toList();
  }

  /** A run that does not count: a JVM has compiled the code when the rounds begin. */
  private void heat(Contender contender, Scenario scenario)
      throws IOException, InterruptedException {
    int time = contender.heats() ? heat : Math.min(heat, 1);
    if (time > 0) {
      Figures unused = generator.run(contender, scenario, 0, time);
    }
  }

  private void measure(int round, Contender contender, Scenario scenario)
      throws IOException, InterruptedException {
    double taken;
    Figures figures;
    int run = 0;
    do {
      run++;
      quiet.await();
      Machine.Spent before = Machine.Spent.now();
      figures = generator.run(contender, scenario, warm, seconds);
      taken = Machine.Spent.now().stolenSince(before);
    } while (!quiet.enough(taken));
    Map<Contender, List<Figures>> all = seen.computeIfAbsent(scenario, s -> new LinkedHashMap<>());
    all.computeIfAbsent(contender, c -> new ArrayList<>()).add(figures);
    String when =
        "round %d, load %.1f, stolen %.0f %%, run %d".formatted(round, Machine.load(), taken, run);
    double ratio = ratios(all, contender).getLast();
    print(new Line(when, scenario, contender, figures, ratio));
  }

  /** Of all that was measured so far, load by load. */
  void printMedians() {
    seen.forEach(
        (scenario, all) ->
            all.forEach(
                (contender, runs) -> {
                  List<Double> ratios = ratios(all, contender).stream().sorted().toList();
                  String when = "median of " + runs.size();
                  double ratio = ratios.get(ratios.size() / 2);
                  print(new Line(when, scenario, contender, Figures.medians(runs), ratio));
                }));
  }

  private static List<Double> ratios(Map<Contender, List<Figures>> all, Contender contender) {
    List<Figures> first = all.values().iterator().next();
    List<Figures> own = all.getOrDefault(contender, List.of());
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      ratios.add(own.get(i).cpu() / first.get(i).cpu());
    }
    return ratios;
  }

  private void print(Line line) {
    System.out.println(format.apply(line));
  }
}
