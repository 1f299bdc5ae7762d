package io.carillon.faults.fault;

import io.carillon.faults.client.RunContext;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.SocketClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One publisher and one reader of a small room of their own, at different instances: how long an
 * event takes from the call to the reader while something else goes on. Runs in a thread of its own
 * until it is stopped.
 */
final class Probe implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int EVERY_MILLIS = 40;

  private final SocketClient reader;
  private final Calls publisher;
  private final String room;
  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
  private final Thread thread;
  private volatile boolean stopped;

  /** Starts it. */
  Probe(RunContext context, URI publishing, URI reading, String room) throws Exception {
    this.room = room;
    this.publisher = new Calls(context.http(), publishing, context.token("probe"));
    this.reader = SocketClient.connect(context.http(), reading, context.token("probe"));
    reader.join(room, "");
    this.thread = Thread.ofVirtual().start(this::run);
  }

  private void run() {
    try {
      while (!stopped) {
        long begun = System.nanoTime();
        publisher.publish(room, "n", "1");
        reader.take(frame -> frame.getString("type").equals("event"), PATIENCE);
        nanos.add(System.nanoTime() - begun);
        TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops it; the milliseconds of all events, in ascending order. */
  List<Long> stop() throws InterruptedException {
    stopped = true;
    thread.join();
    return nanos.stream().map(TimeUnit.NANOSECONDS::toMillis).sorted().toList();
  }

  /** The value that so many of a hundred do not exceed. */
  static long percentile(List<Long> ascending, int percent) {
    return ascending.isEmpty()
        ? Long.MAX_VALUE
        : ascending.get(Math.min(ascending.size() - 1, ascending.size() * percent / 100));
  }

  @Override
  public void close() {
    stopped = true;
    reader.close();
  }
}
