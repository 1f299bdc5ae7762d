package io.carillon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Fan-out: Carillon, the floor and the peers side by side, each round one after another under the
 * same load; {@code guest} is Carillon in the protocol of Socket.IO. Prints every run and the
 * medians; see {@code docs/performance-results.md}. Arguments: {@code rounds=3 seconds=4 warm=1
 * heat=10 scenarios=A1,A2 peers=ws,socket.io,socket.io+postgres,cometd,raw flags=-Xmx1g
 * others=before:/path/to/another/wlp}, the last to compare versions.
 */
final class FanBench {
  private static final Set<String> ARGUMENTS =
      Rounds.arguments("scenarios", "peers", "flags", "others");

  private final Arguments arguments;
  private final List<Contender> contenders = new ArrayList<>();

  private FanBench(Arguments arguments) {
    this.arguments = arguments;
  }

  public static void main(String[] words) throws Exception {
    FanBench bench = new FanBench(new Arguments(words, ARGUMENTS));
    System.out.println(Machine.described());
    System.out.println("FanBench " + String.join(" ", words));
    bench.startAll();
    Rounds rounds = new Rounds(bench.arguments, 4, 1, FanBench::line);
    rounds.run(bench.contenders, bench.scenarios());
    rounds.printMedians();
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
              case "guest" -> new SocketIoGuest(product);
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

  private List<Scenario> scenarios() {
    return arguments.list("scenarios", "A1,A2,A3,A4,B,SSE-A1,SSE-A2").stream()
        .map(Scenario::named)
        .toList();
  }

  private static String line(Rounds.Line line) {
    Figures f = line.figures();
    return ("%s | %-6s | %-18s | %,9.0f msg/s | %6.2f µs | %5.2f × floor | database %5.2f µs"
            + " | p50 %.1f p99 %.1f p99.9 %.1f ms | %.1f a read, %.0f B | wrong %.0f")
        .formatted(
            line.when(),
            line.scenario().name(),
            line.contender().name(),
            f.rate(),
            f.cpu(),
            line.ratio(),
            f.databaseCpu(),
            f.p50(),
            f.p99(),
            f.p999(),
            f.readSize(),
            f.bytes(),
            f.wrong());
  }
}
