package io.carillon.faults.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes many events a second to one room by batches of one publisher; outside the history. */
public final class LoadPublisher implements AutoCloseable {
  private final RunContext context;
  private final URI server;
  private final String token;
  private final String body;
  private final int batch;
  private final int rate;
  private final AtomicLong published = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Opens it.
   *
   * @param rate events a second
   * @param size bytes of each event's data
   */
  public LoadPublisher(RunContext context, URI server, String room, int rate, int size) {
    this.context = context;
    this.server = server;
    this.token = context.token("hose");
    this.rate = rate;
    this.batch = Math.max(1, rate / 20);
    String event =
        "{\"room\":\"%s\",\"name\":\"hose\",\"data\":\"%s\"}".formatted(room, "x".repeat(size));
    this.body = "[" + (event + ",").repeat(batch - 1) + event + "]";
    this.thread = Thread.ofVirtual().start(this::publish);
  }

  private void publish() {
    long interval = TimeUnit.SECONDS.toNanos(1) * batch / rate;
    long next = System.nanoTime();
    try {
      while (!closed) {
        next += interval;
        HttpRequest request =
            HttpRequest.newBuilder(server.resolve("/api/events"))
                .timeout(Duration.ofSeconds(15))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
          HttpResponse<Void> answer =
              context.http().send(request, HttpResponse.BodyHandlers.discarding());
          published.addAndGet(answer.statusCode() == 200 ? batch : 0);
        } catch (IOException e) {
          TimeUnit.MILLISECONDS.sleep(200);
        }
        TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops; gives how many were acknowledged. */
  public long stop() throws InterruptedException {
    closed = true;
    thread.join();
    return published.get();
  }

  @Override
  public void close() {
    closed = true;
  }
}
