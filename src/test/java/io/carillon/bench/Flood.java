package io.carillon.bench;

import io.carillon.kit.client.Calls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One user who asks for the same thing at a steady rate, whatever the answer; from an address of
 * its own, as a trusted proxy would tell.
 */
final class Flood implements AutoCloseable {
  private static final String ADDRESS = "203.0.113.66";
  private static final int EVENTS = 1000;
  private static final int ROOMS = 10;
  private static final int LARGE = 64_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Calls calls;
  private final List<Thread> threads = new ArrayList<>();
  private final LongAdder taken = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final long begun = System.nanoTime();
  private volatile boolean over;

  private Flood(Product product) {
    URI server = product.instance(0).uri("/");
    this.calls = new Calls(http, server, Calls.demoToken(http, server, "mallory"));
  }

  /** What is asked for. */
  enum Wish {
    /** The first 1,000 events of a room. */
    HISTORY_FLOOD,
    /** A socket, which is cut at once. */
    CONNECT_CHURN,
    /** Events of 64 KB in ten rooms. */
    LARGE_PUBLISHES,
    /** One-time tickets. */
    TICKETS
  }

  /**
   * Begins.
   *
   * @param perSecond of all threads together
   */
  static Flood start(Product product, Wish wish, int perSecond, int threads) {
    Flood flood = new Flood(product);
    if (wish == Wish.HISTORY_FLOOD) {
      String event = "{\"room\":\"flood:0\",\"name\":\"m\",\"data\":\"" + "x".repeat(100) + "\"}";
      String all = Stream.generate(() -> event).limit(EVENTS).collect(Collectors.joining(","));
      Calls bench = new Calls(flood.http, flood.calls.server(), product.token());
      int status = bench.send("POST", "/api/events", "[" + all + "]").statusCode();
      if (status != 200) {
        throw new IllegalStateException("the history could not be written: " + status);
      }
    }
    for (int i = 0; i < threads; i++) {
      long every = TimeUnit.SECONDS.toNanos(threads) / perSecond;
      flood.threads.add(Thread.ofPlatform().daemon().start(() -> flood.run(wish, every)));
    }
    return flood;
  }

  private void run(Wish wish, long every) {
    String large = "{\"name\":\"m\",\"data\":\"%s\"}".formatted("x".repeat(LARGE));
    long next = System.nanoTime();
    for (int i = 0; !over; i++) {
      next += every;
      LockSupport.parkNanos(next - System.nanoTime());
      // What could not be asked for in time is not made up for.
      next = Math.max(next, System.nanoTime() - every);
      boolean ok =
          switch (wish) {
            case HISTORY_FLOOD -> call("GET", "/api/rooms/flood:0/events?limit=1000", "");
            case CONNECT_CHURN -> connect();
            case LARGE_PUBLISHES ->
                call("POST", "/api/rooms/flood:" + i % ROOMS + "/events", large);
            case TICKETS -> call("POST", "/api/tickets", "");
          };
      (ok ? taken : refused).increment();
    }
  }

  private boolean call(String method, String path, String body) {
    try {
      return calls.send(method, path, body, "X-Forwarded-For", ADDRESS).statusCode() < 300;
    } catch (AssertionError noAnswer) {
      return false;
    }
  }

  private boolean connect() {
    try {
      http.newWebSocketBuilder()
          .header("Authorization", "Bearer " + calls.token())
          .header("X-Forwarded-For", ADDRESS)
          .subprotocols("carillon.v1")
          .buildAsync(
              URI.create(calls.server().resolve("/ws").toString().replaceFirst("http", "ws")),
              new WebSocket.Listener() {})
          .join()
          .abort();
      return true;
    } catch (CompletionException refusal) {
      return false;
    }
  }

  /**
   * Limits of production for a server in demo mode, which has none by itself; the benchmark's own
   * user is a service.
   */
  static Map<String, String> limits() {
    return Map.ofEntries(
        limit("connects.user", "10/100"),
        limit("connects.address", "200/5000"),
        limit("connects.instance", "1000/5000"),
        limit("requests.address", "1000/10000"),
        limit("joins.user", "100/2000"),
        limit("publishes.user", "500/5000"),
        limit("bytes.user", "1048576/8388608"),
        limit("signals.user", "100/1000"),
        limit("history.user", "10/200"),
        limit("members.user", "10/200"),
        limit("tickets.user", "5/100"),
        limit("polls.user", "50/500"),
        limit("connections.user", "100"),
        limit("connections.address", "10000"),
        limit("exempt", "bench"));
  }

  private static Map.Entry<String, String> limit(String name, String value) {
    String variable = ("carillon.limits." + name).replace('.', '_').toUpperCase(Locale.ROOT);
    return Map.entry(variable, value);
  }

  /** How many a second were taken and refused since the beginning. */
  String rates() {
    double seconds = (System.nanoTime() - begun) / 1e9;
    return "%.0f/s taken, %.0f/s refused".formatted(taken.sum() / seconds, refused.sum() / seconds);
  }

  @Override
  public void close() {
    over = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
