package io.carillon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Across instances: publishers at one instance, a reader at another one over the same database. At
 * some rates: how long from the intended publish to the delivery; and as fast as it goes: how many
 * arrive, each durable before it is delivered and in the order of its publisher. Beside it
 * Socket.IO with its PostgreSQL adapter, which stores nothing, as two processes under the same load
 * in the same rounds. Arguments: {@code rounds=3 seconds=5 warm=2 heat=10 rates=100,500
 * windows=100,1000 publishers=1 peers=socket.io+postgres flags=-Xmx1g}.
 */
final class CrossBench {
  private static final Set<String> ARGUMENTS =
      Rounds.arguments("rates", "windows", "publishers", "peers", "flags");

  private final Arguments arguments;
  private final List<Contender> contenders = new ArrayList<>();

  private CrossBench(Arguments arguments) {
    this.arguments = arguments;
  }

  public static void main(String[] words) throws Exception {
    CrossBench bench = new CrossBench(new Arguments(words, ARGUMENTS));
    System.out.println(Machine.described());
    System.out.println("CrossBench " + String.join(" ", words));
    bench.startAll();
    Rounds rounds = new Rounds(bench.arguments, 5, 2, CrossBench::line);
    rounds.run(bench.contenders, bench.scenarios());
    rounds.printMedians();
  }

  private void startAll() throws Exception {
    String flags = arguments.text("flags", "-Xmx1g");
    Product product = Product.start("carillon", Product.runtime(), flags, 2);
    contenders.add(new Apart(product));
    for (String peer : arguments.list("peers", "socket.io+postgres")) {
      if (!peer.equals("socket.io+postgres")) {
        throw new IllegalArgumentException("no peer " + peer);
      }
      contenders.add(new Apart(NodePeer.socketIoPostgres(product, 2)));
    }
  }

  private List<Scenario> scenarios() {
    List<Scenario> scenarios = new ArrayList<>();
    int publishers = arguments.number("publishers", 1);
    for (String rate : arguments.list("rates", "100,500")) {
      List<String> pace = Scenario.rate(publishers, Integer.parseInt(rate));
      scenarios.add(new Scenario(rate + " a second", Scenario.Carrier.WEBSOCKET, 1, 1, pace));
    }
    for (String window : arguments.list("windows", "100,1000")) {
      List<String> pace = Scenario.window(publishers, Integer.parseInt(window));
      scenarios.add(new Scenario("most, " + window, Scenario.Carrier.WEBSOCKET, 1, 1, pace));
    }
    return scenarios;
  }

  private static String line(Rounds.Line line) {
    Figures f = line.figures();
    String each =
        f.each().entrySet().stream()
            .map(process -> "%s %.1f".formatted(process.getKey(), process.getValue()))
            .collect(Collectors.joining(", "));
    return ("%s | %-12s | %-18s | %,7.0f msg/s | p50 %.2f p99 %.2f p99.9 %.2f ms"
            + " | µs a message: %s | wrong %.0f")
        .formatted(
            line.when(),
            line.scenario().name(),
            line.contender().name(),
            f.rate(),
            f.p50(),
            f.p99(),
            f.p999(),
            each,
            f.wrong());
  }
}
