package io.carillon.bench;

import io.carillon.kit.client.Calls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * Publish-to-deliver across instances: publishes over a WebSocket on one instance, reads over a
 * WebSocket on another, one process and one clock. Counts what was lost, doubled or out of order,
 * which must be nothing. Arguments: publishing server, reading server, events per second (100),
 * seconds (10). Needs a running product in demo mode; see {@code docs/performance-results.md}.
 */
final class LatencyBench {
  private static final int WARM_UP = 2;
  private static final Pattern EVENT =
      Pattern.compile("\"seq\":(\\d+),.{0,200}?\"data\":\\{\"t\":(\\d+),");

  private final Histogram latency = new Histogram(3);
  private final long warmUntil;
  private final CountDownLatch all;
  private long last;
  private long wrong;

  private LatencyBench(long warmUntil, int events) {
    this.warmUntil = warmUntil;
    this.all = new CountDownLatch(events);
  }

  public static void main(String[] args) throws Exception {
    URI publishing = URI.create(args[0]);
    URI reading = URI.create(args[1]);
    int rate = args.length > 2 ? Integer.parseInt(args[2]) : 100;
    int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 10;
    int events = rate * (seconds + WARM_UP);
    try (HttpClient http = HttpClient.newHttpClient()) {
      String room = "bench:" + Long.toHexString(System.nanoTime());
      CountDownLatch joined = new CountDownLatch(1);
      LatencyBench bench =
          new LatencyBench(System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP), events);
      WebSocket reader =
          connect(
              http,
              reading,
              text -> {
                if (text.contains("\"ref\":1,")) {
                  joined.countDown();
                }
                bench.receive(text);
              });
      reader.sendText("{\"type\":\"join\",\"ref\":1,\"room\":\"" + room + "\"}", true).join();
      if (!joined.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("not joined");
      }
      WebSocket publisher = connect(http, publishing, text -> {});
      publish(publisher, room, rate, events);
      boolean complete = bench.all.await(10, TimeUnit.SECONDS);
      bench.print(rate, events, complete);
      reader.abort();
      publisher.abort();
    }
  }

  private static void publish(WebSocket publisher, String room, int rate, int events) {
    String filler = "x".repeat(120);
    long begin = System.nanoTime();
    for (int i = 0; i < events; i++) {
      long due = begin + i * 1_000_000_000L / rate;
      LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
      String frame =
          "{\"type\":\"publish\",\"ref\":%d,\"room\":\"%s\",\"name\":\"tick\",\"data\":{\"t\":%d,\"f\":\"%s\"}}"
              .formatted(i + 1, room, System.nanoTime(), filler);
      publisher.sendText(frame, true).join();
    }
  }

  private synchronized void receive(String text) {
    long now = System.nanoTime();
    Matcher event = EVENT.matcher(text);
    while (event.find()) {
      long seq = Long.parseLong(event.group(1));
      long sent = Long.parseLong(event.group(2));
      wrong += seq == last + 1 ? 0 : 1;
      last = seq;
      if (sent > warmUntil) {
        latency.recordValue(now - sent);
      }
      all.countDown();
    }
  }

  private synchronized void print(int rate, int events, boolean complete) {
    System.out.printf(
        "%d events/s, %d events: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms;"
            + " missing %d, out of order or doubled %d%n",
        rate,
        events,
        latency.getValueAtPercentile(50) / 1e6,
        latency.getValueAtPercentile(99) / 1e6,
        latency.getValueAtPercentile(99.9) / 1e6,
        latency.getMaxValue() / 1e6,
        complete ? 0 : all.getCount(),
        wrong);
  }

  private static WebSocket connect(HttpClient http, URI server, Consumer<String> messages) {
    String token = Calls.demoToken(http, server, "bench");
    String base = server.toString().replaceFirst("^http", "ws").replaceFirst("/$", "");
    return http.newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .subprotocols("carillon.v1")
        .buildAsync(URI.create(base + "/ws"), new Listener(messages))
        .join();
  }

  private static final class Listener implements WebSocket.Listener {
    private final Consumer<String> messages;
    private final StringBuilder parts = new StringBuilder();

    Listener(Consumer<String> messages) {
      this.messages = messages;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        messages.accept(parts.toString());
        parts.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
