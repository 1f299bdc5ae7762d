package io.carillon.bench;

import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a connection costs that only waits: memory (resident, garbage collected before each look),
 * the time to connect, and what an instance does that has many of them. First come a few thousand,
 * so that the server has grown, then those that are measured. Arguments: {@code first=2000
 * more=8000 seconds=10 carriers=WEBSOCKET,STREAM flags=-Xmx1g}. Needs {@code jcmd} of the JDK that
 * runs it.
 */
final class IdleBench {
  private static final Set<String> ARGUMENTS =
      Set.of("first", "more", "seconds", "carriers", "flags");

  private final Arguments arguments;
  private final Generator generator = new Generator();

  private IdleBench(Arguments arguments) throws Exception {
    this.arguments = arguments;
  }

  public static void main(String[] words) throws Exception {
    IdleBench bench = new IdleBench(new Arguments(words, ARGUMENTS));
    System.out.println(Machine.described());
    System.out.println("IdleBench " + String.join(" ", words));
    for (String carrier : bench.arguments.list("carriers", "WEBSOCKET,STREAM")) {
      bench.measure(Scenario.Carrier.valueOf(carrier));
    }
  }

  private void measure(Scenario.Carrier carrier) throws Exception {
    int first = arguments.number("first", 2000);
    int more = arguments.number("more", 8000);
    int seconds = arguments.number("seconds", 10);
    try (Product product =
        Product.start("idle", Product.runtime(), arguments.text("flags", "-Xmx1g"))) {
      Process holding = start(product, carrier, first, 600);
      try {
        awaitConnections(product, first);
        JsonObject seen = Texts.object(Generator.answer(start(product, carrier, more, seconds)));
        System.out.printf(
            "%s: %d of %d connected after %d; %.1f KB of resident memory a connection,"
                + " %.0f connects/s at %.0f µs of the server, idle with all of them %.2f %% of a"
                + " core, load %.1f%n",
            carrier,
            seen.getInt("ready"),
            more,
            first,
            seen.getJsonNumber("bytes_per_conn").doubleValue() / 1024,
            seen.getJsonNumber("connect_rate").doubleValue(),
            seen.getJsonNumber("connect_cpu_us").doubleValue(),
            seen.getJsonNumber("idle_cores").doubleValue() * 100,
            Machine.load());
      } finally {
        holding.destroy();
      }
    }
  }

  private Process start(Product product, Scenario.Carrier carrier, int readers, int hold)
      throws Exception {
    Scenario scenario = new Scenario("idle", carrier, readers, readers, List.of());
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String collect = "%s %d GC.run >&2".formatted(jcmd, product.processes().get(product.name()));
    return generator.start(
        product,
        scenario,
        List.of(
            "--pub",
            "none",
            "--subs",
            "" + readers,
            "--rooms",
            "100",
            "--hold",
            "" + hold,
            "--settle",
            "3",
            "--rss-cmd",
            collect));
  }

  private static void awaitConnections(Product product, int count) throws Exception {
    for (int i = 0; product.connections() < count; i++) {
      if (i > 60) {
        throw new IllegalStateException("the first connections do not come up");
      }
      TimeUnit.SECONDS.sleep(1);
    }
    TimeUnit.SECONDS.sleep(5);
  }
}
