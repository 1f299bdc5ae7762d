package io.carillon.bench;

import io.carillon.kit.client.Calls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Publishes an event a second into each of some rooms, in a thread of its own. */
final class Talk implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Calls calls;
  private final String events;
  private final int rooms;
  private final Thread thread;
  private volatile boolean closed;
  private volatile String failure = "";

  /** Read when the thread has ended. */
  private int said;

  /**
   * Begins.
   *
   * @param prefix of the rooms' names, which end in numbers from 0
   */
  Talk(URI server, String token, String prefix, int rooms) {
    this.calls = new Calls(http, server, token);
    this.rooms = rooms;
    this.events =
        IntStream.range(0, rooms)
            .mapToObj(i -> "{\"room\":\"" + prefix + i + "\",\"name\":\"m\",\"data\":\"storm\"}")
            .collect(Collectors.joining(",", "[", "]"));
    this.thread = Thread.ofPlatform().name("talk").start(this::talk);
  }

  private void talk() {
    while (!closed) {
      HttpResponse<String> answer = calls.send("POST", "/api/events", events);
      int taken = answer.body().split("\"status\":201", -1).length - 1;
      if (answer.statusCode() != 200 || taken != rooms) {
        failure = answer.statusCode() + ", taken " + taken + " of " + rooms;
        return;
      }
      said++;
      try {
        TimeUnit.SECONDS.sleep(1);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /**
   * Ends; how many events each room has got, all acknowledged.
   *
   * @throws IllegalStateException if one was not
   */
  int said() throws InterruptedException {
    closed = true;
    thread.join();
    if (!failure.isEmpty()) {
      throw new IllegalStateException("publishing failed: " + failure);
    }
    return said;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    http.close();
  }
}
