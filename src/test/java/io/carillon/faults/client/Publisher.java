package io.carillon.faults.client;

import io.carillon.faults.history.Entry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * A publisher that awaits each publish before the next and retries it with its key, at any
 * instance, until the outcome is known. It runs in a thread of its own.
 */
public abstract class Publisher implements Runnable, AutoCloseable {
  private static final long GIVE_UP = TimeUnit.SECONDS.toNanos(90);

  private final RunContext context;
  private final String name;
  private final String via;
  private final List<String> rooms;
  private final AtomicInteger ops;
  private final int interval;
  private final RandomGenerator random;
  private volatile boolean stopped;

  /**
   * A publisher.
   *
   * @param name who it is; for SQL a name of the history only
   * @param ops gives every publish of the run its number
   * @param interval mean milliseconds between two publishes
   */
  Publisher(
      RunContext context,
      String name,
      String via,
      List<String> rooms,
      AtomicInteger ops,
      int interval,
      RandomGenerator random) {
    this.context = context;
    this.name = name;
    this.via = via;
    this.rooms = List.copyOf(rooms);
    this.ops = ops;
    this.interval = interval;
    this.random = random;
  }

  /** What became of one attempt. */
  sealed interface Outcome {
    /** In the log, there. */
    record Acked(String epoch, long seq, String id, boolean duplicate) implements Outcome {}

    /** The transaction has committed. */
    record Committed(String id) implements Outcome {}

    /** Refused for good: never in the log. */
    record Refused(String code) implements Outcome {}

    /** Not taken now; the same may be tried again. */
    record Later(String why) implements Outcome {}

    /** Nobody knows. */
    record Unknown(String why) implements Outcome {}
  }

  /** One publish. */
  record Item(int op, String room, String key, String data) {}

  @Override
  public final void run() {
    try {
      while (!stopped) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(2 * interval + 1));
        int count = most() == 1 ? 1 : 1 + random.nextInt(most());
        List<Item> items =
            java.util.stream.IntStream.range(0, count).mapToObj(i -> item()).toList();
        for (Item item : items) {
          log(new Entry.Publish(now(), item.op(), name, via, item.room(), item.key(), item.data()));
        }
        settle(items);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }

  private Item item() {
    int op = ops.incrementAndGet();
    String room = rooms.get(random.nextInt(rooms.size()));
    String data = "{\"op\":%d,\"text\":\"%s\"}".formatted(op, "x".repeat(random.nextInt(120)));
    return new Item(op, room, name + "-" + op, data);
  }

  private void settle(List<Item> items) throws InterruptedException {
    Backoff backoff = new Backoff(random);
    List<Item> left = items;
    boolean[] doubtful = new boolean[1];
    long deadline = System.nanoTime() + GIVE_UP;
    while (!left.isEmpty()) {
      List<Outcome> outcomes = attempt(left);
      List<Item> again = new java.util.ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        if (!note(left.get(i), outcomes.get(i), doubtful)) {
          again.add(left.get(i));
        }
      }
      left = again;
      if (!left.isEmpty() && System.nanoTime() > deadline) {
        for (Item item : left) {
          log(new Entry.Unknown(now(), item.op(), "gave up"));
        }
        return;
      }
      if (!left.isEmpty()) {
        backoff.pause();
      }
    }
  }

  /** True if the outcome is final. */
  private boolean note(Item item, Outcome outcome, boolean[] doubtful) {
    return switch (outcome) {
      case Outcome.Acked acked -> {
        log(
            new Entry.Acked(
                now(), item.op(), acked.epoch(), acked.seq(), acked.id(), acked.duplicate()));
        yield true;
      }
      case Outcome.Committed committed -> {
        log(new Entry.Committed(now(), item.op(), committed.id()));
        yield true;
      }
      case Outcome.Refused refused -> {
        log(
            doubtful[0]
                ? new Entry.Unknown(now(), item.op(), refused.code())
                : new Entry.Refused(now(), item.op(), refused.code()));
        yield true;
      }
      case Outcome.Later later -> {
        log(new Entry.Note(now(), "later", List.of(Integer.toString(item.op()), later.why())));
        yield false;
      }
      case Outcome.Unknown unknown -> {
        doubtful[0] = true;
        log(new Entry.Unknown(now(), item.op(), unknown.why()));
        yield false;
      }
    };
  }

  /** How many publishes one attempt may carry. */
  int most() {
    return 1;
  }

  /** Tries once; gives the outcomes in order. */
  abstract List<Outcome> attempt(List<Item> items) throws InterruptedException;

  /** Frees what is open. */
  void end() {}

  /** Stops after what is in flight is settled. */
  @Override
  public final void close() {
    stopped = true;
  }

  final RunContext ground() {
    return context;
  }

  final String name() {
    return name;
  }

  final RandomGenerator random() {
    return random;
  }

  final java.net.URI anyInstance() {
    return context.addresses().get(random.nextInt(context.addresses().size()));
  }

  private long now() {
    return context.history().now();
  }

  private void log(Entry entry) {
    context.history().add(entry);
  }
}
