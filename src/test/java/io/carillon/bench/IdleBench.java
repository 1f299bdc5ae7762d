package io.carillon.bench;

import io.carillon.bench.Scenario.Carrier;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a connection costs that only waits: memory (resident, garbage collected before each look),
 * the time to connect, and what an instance does that has many of them. First come a few thousand,
 * so that the server has grown, then those that are measured; before both as many as {@code heat}
 * says come and go, so that a JVM has compiled what they need. Beside ours the container's own
 * WebSockets, whose price is the least that ours can cost; one server after the other. Arguments:
 * {@code heat=0 first=2000 more=8000 settle=3 seconds=10 carriers=WEBSOCKET,STREAM,POLL peers=raw
 * flags=-Xmx1g}. Needs {@code jcmd} of the JDK that runs it.
 */
final class IdleBench {
  private static final Set<String> ARGUMENTS =
      Set.of("heat", "first", "more", "seconds", "settle", "carriers", "peers", "flags");

  private static final int HOLD_SECONDS = 600;
  private static final int PATIENCE_SECONDS = 60;

  /** So many come and go at a time before anything is measured. */
  private static final int HEATING = 2000;

  private final Arguments arguments;
  private final Generator generator = new Generator();

  private IdleBench(Arguments arguments) throws Exception {
    this.arguments = arguments;
  }

  public static void main(String[] words) throws Exception {
    IdleBench bench = new IdleBench(new Arguments(words, ARGUMENTS));
    System.out.println(Machine.described());
    System.out.println("IdleBench " + String.join(" ", words));
    for (String carrier : bench.arguments.list("carriers", "WEBSOCKET,STREAM,POLL")) {
      bench.measureAll(Carrier.valueOf(carrier));
    }
  }

  private void measureAll(Carrier carrier) throws Exception {
    String flags = arguments.text("flags", "-Xmx1g");
    try (Product product = Product.start("carillon", Product.runtime(), flags)) {
      measure(product, carrier);
    }
    if (carrier == Carrier.WEBSOCKET && arguments.list("peers", "raw").contains("guest")) {
      try (Product product = Product.start("carillon", Product.runtime(), flags)) {
        measure(new SocketIoGuest(product), carrier);
      }
    }
    for (String peer : arguments.list("peers", "raw")) {
      if (peer.equals("guest")) {
        continue;
      }
      if (!peer.equals("raw")) {
        throw new IllegalArgumentException("no peer " + peer);
      }
      if (carrier == Carrier.WEBSOCKET) {
        try (Contender raw = RawLiberty.start(Product.runtime(), flags)) {
          measure(raw, carrier);
        }
      }
    }
  }

  private void measure(Contender contender, Carrier carrier) throws Exception {
    int first = arguments.number("first", 2000);
    int more = arguments.number("more", 8000);
    for (int come = 0; come < arguments.number("heat", 0); come += HEATING) {
      String unused = Generator.answer(start(contender, carrier, HEATING, 0, 0));
    }
    int settle = arguments.number("settle", 3);
    Process holding = start(contender, carrier, first, settle, HOLD_SECONDS);
    try {
      awaitConnections(contender, first);
      int seconds = arguments.number("seconds", 10);
      JsonObject seen =
          Texts.object(Generator.answer(start(contender, carrier, more, settle, seconds)));
      System.out.printf(
          "%s | %s | %d of %d connected after %d | %.1f KB of resident memory a connection,"
              + " %.1f KB of the database | %.0f connects/s at %.0f µs of all processes"
              + " | idle with all of them %.2f %% of a core | load %.1f%n",
          carrier,
          contender.name(),
          seen.getInt("ready"),
          more,
          first,
          kilobytes(seen, contender.name()),
          kilobytes(seen, Contender.DATABASE),
          number(seen, "connect_rate"),
          number(seen, "connect_cpu_us"),
          number(seen, "idle_cores") * 100,
          Machine.load());
    } finally {
      holding.destroy();
    }
  }

  /** By how much a process has grown a connection; 0: there is none. */
  private static double kilobytes(JsonObject seen, String process) {
    JsonObject memory = seen.getJsonObject("rss").getJsonObject(process);
    return memory == null
        ? 0
        : (number(memory, "pss1_kb") - number(memory, "pss0_kb")) / seen.getInt("ready");
  }

  private static double number(JsonObject object, String name) {
    return object.getJsonNumber(name).doubleValue();
  }

  private Process start(Contender contender, Carrier carrier, int readers, int settle, int hold)
      throws IOException {
    Scenario scenario = new Scenario("idle", carrier, readers, 100, List.of("--pub", "none"));
    List<String> load = new ArrayList<>(Generator.load(scenario, 0, 0));
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    long pid = contender.processes().get(contender.name());
    load.addAll(List.of("--hold", "" + hold, "--settle", "" + settle));
    load.addAll(List.of("--rss-cmd", "%s %d GC.run >&2".formatted(jcmd, pid)));
    return generator.start(contender, scenario, load);
  }

  private static void awaitConnections(Contender contender, int count) throws Exception {
    String target = contender.targets().getFirst();
    int port = Integer.parseInt(target.substring(target.indexOf(':') + 1));
    for (int i = 0; Machine.connections(port) < count; i++) {
      if (i > PATIENCE_SECONDS) {
        throw new IllegalStateException("the first connections do not come up");
      }
      TimeUnit.SECONDS.sleep(1);
    }
    TimeUnit.SECONDS.sleep(5);
  }
}
