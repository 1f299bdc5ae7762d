package io.carillon.store.jdbc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.Publication;
import io.carillon.core.RoomName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounded queue of publications for one writer, in events and bytes, in the order of the calls per
 * room.
 *
 * <p>A room that could not be locked in time is parked: its events wait aside, in their order, and
 * a few of them are tried with the next batch from time to time, so that it delays nobody else.
 *
 * <p>No twin of presence's or the notifier's queue: nothing here is forgotten or replaced by
 * something later, what is too much is refused, and each event is answered on its own at its own
 * deadline.
 */
final class PublishQueue {
  private static final int PARKED_PER_BATCH = 64;
  private static final long PARKED_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long IDLE = TimeUnit.MINUTES.toNanos(1);

  private final LogSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  @GuardedBy("lock")
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private final LinkedHashMap<RoomName, ArrayDeque<Pending>> parked = new LinkedHashMap<>();

  @GuardedBy("lock")
  private int events;

  @GuardedBy("lock")
  private long bytes;

  @GuardedBy("lock")
  private long parkedDue;

  @GuardedBy("lock")
  private boolean closed;

  PublishQueue(LogSettings settings) {
    this.settings = settings;
  }

  /**
   * What goes into one commit.
   *
   * @param events in order; empty at the end
   * @param cautious a room among them was busy before: do not wait for locks
   */
  record PublishBatch(List<Pending> events, boolean cautious) {}

  private record PublicationKey(RoomName room, String by, String key) {}

  /** Adds one; false if the queue is full or closed. */
  boolean offer(Pending pending) {
    lock.lock();
    try {
      int weight = pending.publication().weight();
      if (closed || events >= settings.queueEvents() || bytes + weight > settings.queueBytes()) {
        return false;
      }
      waiting.addLast(pending);
      count(1, weight);
      arrived.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something and takes what fits into one commit; empty once closed and drained. */
  PublishBatch next() {
    lock.lock();
    try {
      while (true) {
        long now = System.nanoTime();
        boolean retry = !parked.isEmpty() && now - parkedDue >= 0;
        if (retry || !waiting.isEmpty()) {
          PublishBatch batch = fill(retry, now);
          if (!batch.events().isEmpty()) {
            return batch;
          }
        } else if (!parked.isEmpty()) {
          await(parkedDue - now);
        } else if (closed) {
          return new PublishBatch(List.of(), false);
        } else {
          await(IDLE);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // next() is the loop, and looks again after each return
  @GuardedBy("lock")
  private void await(long nanos) {
    try {
      arrived.awaitNanos(nanos);
    } catch (InterruptedException stop) {
      closed = true; // interrupted: finish what is queued, take no more
    }
  }

  @GuardedBy("lock")
  private PublishBatch fill(boolean retry, long now) {
    List<Pending> batch = new ArrayList<>();
    Map<PublicationKey, Pending> keyed = new HashMap<>();
    long weight = 0;
    if (retry) {
      weight = takeParked(batch, keyed);
      parkedDue = now + PARKED_PAUSE;
    }
    while (!waiting.isEmpty() && batch.size() < settings.batchEvents()) {
      Pending first = waiting.getFirst();
      ArrayDeque<Pending> aside = parked.get(first.room());
      if (aside != null) {
        aside.addLast(waiting.removeFirst());
        continue;
      }
      int more = first.publication().weight();
      if (!batch.isEmpty() && weight + more > settings.batchBytes()) {
        break;
      }
      weight += more;
      add(waiting.removeFirst(), batch, keyed);
    }
    return new PublishBatch(batch, retry);
  }

  @GuardedBy("lock")
  private long takeParked(List<Pending> batch, Map<PublicationKey, Pending> keyed) {
    Iterator<Map.Entry<RoomName, ArrayDeque<Pending>>> first = parked.entrySet().iterator();
    Map.Entry<RoomName, ArrayDeque<Pending>> entry = first.next();
    RoomName room = entry.getKey();
    ArrayDeque<Pending> aside = entry.getValue();
    first.remove();
    long weight = 0;
    while (!aside.isEmpty()
        && batch.size() < Math.min(PARKED_PER_BATCH, settings.batchEvents())
        && weight < settings.batchBytes()) {
      weight += aside.getFirst().publication().weight();
      add(aside.removeFirst(), batch, keyed);
    }
    if (!aside.isEmpty()) {
      parked.put(room, aside);
    }
    return weight;
  }

  @GuardedBy("lock")
  private void add(Pending pending, List<Pending> batch, Map<PublicationKey, Pending> keyed) {
    count(-1, -pending.publication().weight());
    Publication publication = pending.publication();
    if (publication.keyed()) {
      PublicationKey key =
          new PublicationKey(publication.room(), publication.by(), publication.key());
      Pending same = keyed.putIfAbsent(key, pending);
      if (same != null) {
        same.join(pending);
        return;
      }
    }
    batch.add(pending);
  }

  /** Puts events back that were taken, in front of what their rooms have parked meanwhile. */
  void park(List<Pending> taken) {
    if (taken.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      if (parked.isEmpty()) {
        parkedDue = System.nanoTime() + PARKED_PAUSE;
      }
      for (Pending pending : taken.reversed()) {
        parked.computeIfAbsent(pending.room(), room -> new ArrayDeque<>()).addFirst(pending);
        count(1, pending.publication().weight());
      }
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Removes and returns what is past its deadline. */
  List<Pending> expired(long now) {
    lock.lock();
    try {
      List<Pending> due = new ArrayList<>(0);
      takeDue(waiting, now, due);
      parked.values().forEach(aside -> takeDue(aside, now, due));
      parked.values().removeIf(ArrayDeque::isEmpty);
      return due;
    } finally {
      lock.unlock();
    }
  }

  /** Deadlines ascend in a queue, as the calls came. */
  @GuardedBy("lock")
  private void takeDue(ArrayDeque<Pending> from, long now, List<Pending> due) {
    List<Pending> heirs = new ArrayList<>(0);
    while (!from.isEmpty() && from.getFirst().due(now)) {
      Pending pending = from.removeFirst();
      count(-1, -pending.publication().weight());
      due.add(pending);
      Pending heir = pending.heir(now);
      if (heir != null) {
        heirs.add(heir);
      }
    }
    heirs.forEach(heir -> insert(from, heir));
  }

  /** Puts a twin where it would stand if it had come alone. */
  @GuardedBy("lock")
  private void insert(ArrayDeque<Pending> queue, Pending heir) {
    ArrayDeque<Pending> earlier = new ArrayDeque<>();
    while (!queue.isEmpty() && queue.getFirst().before(heir)) {
      earlier.addLast(queue.removeFirst());
    }
    queue.addFirst(heir);
    count(1, heir.publication().weight());
    while (!earlier.isEmpty()) {
      queue.addFirst(earlier.removeLast());
    }
  }

  int size() {
    lock.lock();
    try {
      return events;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more; what is queued is still handed out. */
  void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void count(int more, int weight) {
    events += more;
    bytes += weight;
  }
}
