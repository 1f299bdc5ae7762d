package io.carillon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fan-out: Carillon, the floor and the peers side by side, each round one after another under the
 * same load. Prints every run and the medians; see {@code docs/performance.md}. Arguments: {@code
 * rounds=3 seconds=4 warm=1 heat=10 scenarios=A1,A2
 * peers=ws,socket.io,socket.io+postgres,cometd,raw flags=-Xmx1g
 * others=before:/path/to/another/wlp}, the last to compare versions.
 */
final class FanBench {
  private static final Set<String> ARGUMENTS =
      Set.of("rounds", "seconds", "warm", "heat", "scenarios", "peers", "flags", "others");

  private final Arguments arguments;
  private final Generator generator = new Generator();
  private final List<Contender> contenders = new ArrayList<>();
  private final Map<Scenario, Map<Contender, List<Figures>>> seen = new LinkedHashMap<>();

  private FanBench(Arguments arguments) throws Exception {
    this.arguments = arguments;
  }

  public static void main(String[] words) throws Exception {
    FanBench bench = new FanBench(new Arguments(words, ARGUMENTS));
    System.out.println(Machine.described());
    System.out.println("FanBench " + String.join(" ", words));
    bench.startAll();
    bench.measureAll();
    bench.printMedians();
  }

  private void startAll() throws Exception {
    contenders.add(Floor.start());
    String flags = arguments.text("flags", "-Xmx1g");
    Product product = Product.start("carillon", Product.runtime(), flags);
    contenders.add(product);
    for (String other : arguments.list("others", "")) {
      String[] named = other.split(":", 2);
      contenders.add(Product.start(named[0], Path.of(named[1]), flags));
    }
    for (String peer : arguments.list("peers", "ws,socket.io,socket.io+postgres,cometd,raw")) {
      try {
        contenders.add(
            switch (peer) {
              case "ws" -> NodePeer.ws();
              case "socket.io" -> NodePeer.socketIo();
              case "socket.io+postgres" -> NodePeer.socketIoPostgres(product, 1);
              case "cometd" -> CometdPeer.start();
              case "raw" -> RawLiberty.start(Product.runtime(), flags);
              default -> throw new IllegalArgumentException("no peer " + peer);
            });
      } catch (IOException absent) {
        System.out.println(peer + " IS MISSING below: " + absent.getMessage());
      }
    }
  }

  private void measureAll() throws Exception {
    List<Scenario> scenarios =
        arguments.list("scenarios", "A1,A2,A3,A4,B,SSE-A1,SSE-A2").stream()
            .map(Scenario::named)
            .toList();
    for (Scenario scenario : scenarios) {
      seen.put(scenario, new LinkedHashMap<>());
      for (Contender contender : contenders) {
        if (contender.takes(scenario)) {
          heat(contender, scenario);
        }
      }
    }
    int rounds = arguments.number("rounds", 3);
    for (int round = 1; round <= rounds; round++) {
      for (Scenario scenario : scenarios) {
        for (Contender contender : contenders) {
          if (contender.takes(scenario)) {
            measure(round, contender, scenario);
          }
        }
      }
    }
  }

  /** A run that does not count: a JVM has compiled the code when the rounds begin. */
  private void heat(Contender contender, Scenario scenario) throws Exception {
    int seconds = contender.heats() ? arguments.number("heat", 10) : 1;
    if (seconds > 0) {
      Figures unused = generator.run(contender, scenario, 0, seconds);
    }
  }

  private void measure(int round, Contender contender, Scenario scenario) throws Exception {
    Figures figures =
        generator.run(
            contender, scenario, arguments.number("warm", 1), arguments.number("seconds", 4));
    Map<Contender, List<Figures>> runs = seen.get(scenario);
    runs.computeIfAbsent(contender, c -> new ArrayList<>()).add(figures);
    double floor = runs.get(contenders.getFirst()).getLast().cpu();
    print(
        "round " + round + ", load %.1f".formatted(Machine.load()),
        scenario,
        contender,
        figures,
        figures.cpu() / floor);
  }

  private void printMedians() {
    seen.forEach(
        (scenario, runs) ->
            runs.forEach(
                (contender, figures) -> {
                  List<Figures> floor = runs.get(contenders.getFirst());
                  List<Double> ratios = new ArrayList<>();
                  for (int i = 0; i < figures.size(); i++) {
                    ratios.add(figures.get(i).cpu() / floor.get(i).cpu());
                  }
                  ratios.sort(null);
                  print(
                      "median of " + figures.size(),
                      scenario,
                      contender,
                      Figures.medians(figures),
                      ratios.get(ratios.size() / 2));
                }));
  }

  private static void print(
      String when, Scenario scenario, Contender contender, Figures f, double timesFloor) {
    System.out.printf(
        "%s | %-6s | %-18s | %,9.0f msg/s | %6.2f µs | %5.2f × floor | database %5.2f µs"
            + " | p50 %.1f p99 %.1f p99.9 %.1f ms | %.1f a read, %.0f B | wrong %.0f%n",
        when,
        scenario.name(),
        contender.name(),
        f.rate(),
        f.cpu(),
        timesFloor,
        f.databaseCpu(),
        f.p50(),
        f.p99(),
        f.p999(),
        f.readSize(),
        f.bytes(),
        f.wrong());
  }
}
