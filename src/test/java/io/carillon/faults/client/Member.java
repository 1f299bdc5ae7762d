package io.carillon.faults.client;

import io.carillon.faults.history.Entry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A member of one room that comes, stays some seconds and leaves: with a word, by closing, or by
 * cutting the link; each has its own bound (G10). It runs in a thread of its own.
 */
public final class Member implements Runnable, AutoCloseable {
  /** Slack over the promises, for this machine's own delays. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private static final Duration TOLD = Duration.ofSeconds(2).plus(SLACK);

  /** G10 gives no time for coming; this is what a user would bear on a machine that starts JVMs. */
  private static final Duration SEEN = Duration.ofSeconds(5);

  private static final Duration GRACE = Duration.ofSeconds(5 + 2).plus(SLACK);
  private static final Duration LOST = Duration.ofSeconds(40 + 5).plus(SLACK);

  private final RunContext context;
  private final String name;
  private final String room;
  private final RandomGenerator random;
  private volatile boolean stopped;

  /** A member; its name is its user. */
  public Member(RunContext context, String name, String room, RandomGenerator random) {
    this.context = context;
    this.name = name;
    this.room = room;
    this.random = random;
  }

  @Override
  public void run() {
    Backoff backoff = new Backoff(random);
    try {
      while (!stopped) {
        int instance = random.nextInt(context.addresses().size());
        try {
          stay(instance);
          backoff.reset();
        } catch (Reader.Broken e) {
          truth(false, LOST);
        }
        backoff.pause();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stay(int instance) throws InterruptedException {
    try (Socket socket = new Socket(context, context.addresses().get(instance), name)) {
      // From here on it may be there, whether it learns of that or not.
      truth(false, LOST);
      socket.send(
          "{\"type\":\"join\",\"ref\":1,\"room\":\"%s\",\"presence\":{\"state\":{\"n\":%d}}}"
              .formatted(room, random.nextInt(100)));
      await(socket, 1);
      truth(true, SEEN);
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2_000 + random.nextInt(6_000));
      while (!stopped && System.nanoTime() < end) {
        try {
          socket.next(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        } catch (Reader.Broken e) {
          if (!"silent".equals(e.getMessage())) {
            throw e;
          }
        }
      }
      switch (stopped ? 0 : random.nextInt(3)) {
        case 0 -> {
          socket.send("{\"type\":\"leave\",\"ref\":2,\"room\":\"" + room + "\"}");
          await(socket, 2);
          truth(false, TOLD);
        }
        case 1 -> truth(false, GRACE);
        default -> {
          socket.abort();
          truth(false, GRACE);
        }
      }
    }
  }

  private static void await(Socket socket, int ref) throws InterruptedException {
    while (true) {
      var frame = socket.next(15_000);
      String type = frame.getString("type");
      if (type.equals("goodbye") || type.equals("error")) {
        throw new Reader.Broken(frame.toString());
      }
      if (type.equals("ok") && frame.getInt("ref") == ref) {
        return;
      }
    }
  }

  private void truth(boolean present, Duration within) {
    context
        .history()
        .add(new Entry.Presence(context.history().now(), name, room, present, within.toNanos()));
  }

  /** Leaves with a word and stays away. */
  @Override
  public void close() {
    stopped = true;
  }
}
