package io.carillon.backplane.postgres;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.RoomName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounded queue of the notifier: levels, the highest per room; and signals, control signals first,
 * else in order. Too many rooms become "everything"; of too many signals the oldest are dropped,
 * for a later one is worth more; a signal that has waited too long is dropped. Thread-safe; callers
 * never wait.
 *
 * <p>Unlike the queues of presence and the log: of a room only the latest counts, and what is lost
 * is found by comparing, so that nobody is answered.
 */
final class NotifierQueue {
  /** Most levels of a kind in one ring; the rest is for the next one. */
  static final int LEVELS_A_RING = 1000;

  /** Most bytes of signals in one ring. */
  static final int SIGNAL_BYTES_A_RING = 256 * 1024;

  /** A signal is about the present: an older one is worthless. */
  static final Duration SIGNAL_LIFE = Duration.ofSeconds(10);

  /** Control signals are read from the database too, by instances that did not receive them. */
  static final Duration CONTROL_LIFE = Duration.ofSeconds(20);

  private static final int MAX_ROOMS = 20_000;
  private static final int MAX_SIGNAL_BYTES = 4 * 1024 * 1024;
  private static final int MAX_CONTROL_BYTES = 1024 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final CountDownLatch ended = new CountDownLatch(1);

  @GuardedBy("lock")
  private final Map<RoomName, Item.LogPosition> logs = new LinkedHashMap<>();

  @GuardedBy("lock")
  private final Map<RoomName, Item.PresenceRevision> presence = new LinkedHashMap<>();

  /** Signals of a ring that failed: sent again before any other, for their order is sealed. */
  @GuardedBy("lock")
  private final ArrayDeque<OutgoingSignal> repeats = new ArrayDeque<>();

  @GuardedBy("lock")
  private final ArrayDeque<OutgoingSignal> controls = new ArrayDeque<>();

  @GuardedBy("lock")
  private final ArrayDeque<OutgoingSignal> signals = new ArrayDeque<>();

  private final BackplaneCounters counters;
  private final LongSupplier nanos;

  @GuardedBy("lock")
  private int controlBytes;

  @GuardedBy("lock")
  private int signalBytes;

  @GuardedBy("lock")
  private boolean everything;

  @GuardedBy("lock")
  private @Nullable String nonce;

  @GuardedBy("lock")
  private boolean closed;

  /** A taken batch: levels, then signals. */
  record NotificationBatch(List<Item> levels, List<OutgoingSignal> signals) {
    boolean isEmpty() {
      return levels.isEmpty() && signals.isEmpty();
    }
  }

  /**
   * Creates an empty queue.
   *
   * @param nanos a monotonic clock
   */
  NotifierQueue(BackplaneCounters counters, LongSupplier nanos) {
    this.counters = counters;
    this.nanos = nanos;
  }

  void add(Item level) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      switch (level) {
        case Item.LogPosition log -> logs.merge(log.room(), log, NotifierQueue::later);
        case Item.PresenceRevision p ->
            presence.merge(p.room(), p, (a, b) -> a.revision() >= b.revision() ? a : b);
        case Item.Everything all -> everything = true;
        case Item.Nonce(String value) -> nonce = value;
        case Item.InlineSignal signal -> throw new IllegalArgumentException("not a level");
        case Item.LargeSignal signal -> throw new IllegalArgumentException("not a level");
      }
      if (logs.size() + presence.size() > MAX_ROOMS) {
        everything = true;
        logs.clear();
        presence.clear();
      }
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The higher of one epoch; of two epochs the one that was queued last. */
  private static Item.LogPosition later(Item.LogPosition known, Item.LogPosition said) {
    return known.epoch().equals(said.epoch()) && known.seq() >= said.seq() ? known : said;
  }

  void addSignal(byte[] signal) {
    lock.lock();
    try {
      if (closed) {
        counters.dropped.increment();
        return;
      }
      signals.add(new OutgoingSignal(signal, false, nanos.getAsLong()));
      signalBytes += signal.length;
      while (signalBytes > MAX_SIGNAL_BYTES) {
        signalBytes -= signals.remove().bytes.length;
        counters.dropped.increment();
      }
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  void addControl(byte[] signal) {
    lock.lock();
    try {
      if (closed || controlBytes + signal.length > MAX_CONTROL_BYTES) {
        counters.dropped.increment();
        return;
      }
      controls.add(new OutgoingSignal(signal, true, nanos.getAsLong()));
      controlBytes += signal.length;
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what may not have been sent; it is the next thing that is taken. */
  void again(NotificationBatch unsent) {
    lock.lock();
    try {
      for (Item level : unsent.levels()) {
        switch (level) {
          case Item.LogPosition log -> logs.putIfAbsent(log.room(), log);
          case Item.PresenceRevision p -> presence.putIfAbsent(p.room(), p);
          default -> add(level);
        }
      }
      repeats.addAll(unsent.signals());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what waits, as much as belongs into one ring, waiting for something if there is nothing.
   *
   * @return empty after {@code limit} nanoseconds without anything, or when closed
   */
  NotificationBatch take(long limit) throws InterruptedException {
    lock.lock();
    try {
      long left = limit;
      while (!closed && !any() && left > 0) {
        left = something.awaitNanos(left);
      }
      List<Item> levels = new ArrayList<>();
      if (nonce != null) {
        levels.add(new Item.Nonce(nonce));
        nonce = null;
      }
      if (everything) {
        levels.add(new Item.Everything());
        everything = false;
      }
      move(logs, levels);
      move(presence, levels);
      return new NotificationBatch(levels, signals());
    } finally {
      lock.unlock();
    }
  }

  private static void move(Map<RoomName, ? extends Item> from, List<Item> to) {
    Iterator<? extends Item> waiting = from.values().iterator();
    for (int i = 0; i < LEVELS_A_RING && waiting.hasNext(); i++) {
      to.add(waiting.next());
      waiting.remove();
    }
  }

  @GuardedBy("lock")
  private List<OutgoingSignal> signals() {
    List<OutgoingSignal> batch = new ArrayList<>();
    long now = nanos.getAsLong();
    if (!repeats.isEmpty()) {
      repeats.forEach(signal -> addIfFresh(signal, now, batch));
      repeats.clear();
      return batch;
    }
    int bytes = 0;
    while (bytes < SIGNAL_BYTES_A_RING && !controls.isEmpty()) {
      OutgoingSignal signal = controls.remove();
      controlBytes -= signal.bytes.length;
      bytes += addIfFresh(signal, now, batch);
    }
    while (bytes < SIGNAL_BYTES_A_RING && !signals.isEmpty()) {
      OutgoingSignal signal = signals.remove();
      signalBytes -= signal.bytes.length;
      bytes += addIfFresh(signal, now, batch);
    }
    return batch;
  }

  private int addIfFresh(OutgoingSignal signal, long now, List<OutgoingSignal> batch) {
    Duration life = signal.control ? CONTROL_LIFE : SIGNAL_LIFE;
    if (now - signal.since > life.toNanos()) {
      counters.dropped.increment();
      return 0;
    }
    batch.add(signal);
    return signal.bytes.length;
  }

  @GuardedBy("lock")
  private boolean any() {
    return everything
        || nonce != null
        || !logs.isEmpty()
        || !presence.isEmpty()
        || !repeats.isEmpty()
        || !controls.isEmpty()
        || !signals.isEmpty();
  }

  /** Waits that long, or until closed. */
  void pause(long limit) throws InterruptedException {
    var unused = ended.await(limit, TimeUnit.NANOSECONDS);
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      something.signalAll();
      ended.countDown();
    } finally {
      lock.unlock();
    }
  }
}
