package io.carillon.kit;

import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.Publication;
import io.carillon.core.Rejection;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.LogPage;
import io.carillon.core.spi.LogUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An event log in memory, with switches for whatever can happen to a log. One object may serve
 * several instances: {@link #at} gives each its own view, which tells only of its own commits.
 * Commits happen at once, on the caller's thread. Thread-safe.
 */
public final class MemoryLog {
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<RoomName, Tape> tapes = new TreeMap<>();
  private final Map<String, String> parents = new ConcurrentHashMap<>();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile @Nullable HeldReads hold;
  private volatile boolean unavailable;
  private final Map<RoomName, Rejection> refused = new ConcurrentHashMap<>();
  private long epochs;
  private long clock;

  /** One room's log. */
  private static final class Tape {
    private final List<Event> events = new ArrayList<>();
    private final Map<String, Event> keys = new HashMap<>();
    private final Map<String, Fork> forks = new HashMap<>();
    private String epoch = "";
    private long floor;

    private Head head() {
      return events.isEmpty() ? Head.EMPTY : new Head(epoch, events.size(), floor);
    }

    private List<Event> range(long after, long upTo) {
      int from = (int) Math.max(floor, Math.min(after, events.size()));
      int to = (int) Math.max(from, Math.min(upTo, events.size()));
      return List.copyOf(events.subList(from, to));
    }
  }

  private static List<Event> cut(List<Event> events, int bytes) {
    int size = 0;
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      size += 256 + event.content().weight() + (event.meta() == null ? 0 : event.meta().length());
      if (i > 0 && size > bytes) {
        return events.subList(0, i);
      }
    }
    return events;
  }

  private record Fork(long seq, String next) {}

  /** Reads that wait until they are let go; what they answer was read before the wait. */
  public static final class HeldReads {
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Lets all go. */
    public void release() {
      released.complete(null);
    }

    /** How many reads have come so far. */
    public int waiting() {
      return waiting.get();
    }
  }

  /** From now on reads take their snapshot and then wait. */
  public HeldReads holdReads() {
    HeldReads fresh = new HeldReads();
    hold = fresh;
    return fresh;
  }

  /** From now on reads no longer wait; those that do go on waiting for their release. */
  public void holdNoMore() {
    hold = null;
  }

  /** Whether reads fail and appends are refused. */
  public void unavailable(boolean now) {
    unavailable = now;
  }

  /** From now on appends to a room are answered so, and nothing is stored. */
  public void refuse(RoomName room, Rejection rejection) {
    refused.put(room, rejection);
  }

  /** How many reads have begun. */
  public int reads() {
    return reads.get();
  }

  /** Gives the room a new epoch; events after {@code fork} are lost. */
  public void rewind(RoomName room, long fork) {
    lock.lock();
    try {
      Tape tape = tapes.get(room);
      if (tape == null || tape.events.isEmpty()) {
        return;
      }
      String next = freshEpoch();
      tape.forks.put(tape.epoch, new Fork(Math.min(fork, tape.events.size()), next));
      tape.epoch = next;
      cut(tape, fork);
    } finally {
      lock.unlock();
    }
  }

  /** Loses events after {@code seq} without a new epoch, as a restored snapshot does. */
  public void loseSilently(RoomName room, long seq) {
    lock.lock();
    try {
      cut(tape(room), seq);
    } finally {
      lock.unlock();
    }
  }

  private static void cut(Tape tape, long seq) {
    while (tape.events.size() > seq) {
      Event lost = tape.events.removeLast();
      tape.keys.values().remove(lost);
    }
    tape.floor = Math.min(tape.floor, tape.events.size());
  }

  /** Forgets the room as if it had never been. */
  public void forget(RoomName room) {
    lock.lock();
    try {
      tapes.remove(room);
    } finally {
      lock.unlock();
    }
  }

  /** Events up to {@code floor} are no longer retained. */
  public void raiseFloor(RoomName room, long floor) {
    lock.lock();
    try {
      Tape tape = tape(room);
      tape.floor = Math.max(tape.floor, Math.min(floor, tape.events.size()));
    } finally {
      lock.unlock();
    }
  }

  /** The head, without any switch. */
  public Head head(RoomName room) {
    lock.lock();
    try {
      Tape tape = tapes.get(room);
      return tape == null ? Head.EMPTY : tape.head();
    } finally {
      lock.unlock();
    }
  }

  /** The id of the event that stood before the event with this id; empty before the first one. */
  public String parent(String id) {
    return parents.getOrDefault(id, "?");
  }

  /** The id of the event at this place now; empty at 0. */
  public String idAt(RoomName room, long seq) {
    lock.lock();
    try {
      return seq == 0 ? "" : tape(room).events.get((int) seq - 1).id();
    } finally {
      lock.unlock();
    }
  }

  private Tape tape(RoomName room) {
    return tapes.computeIfAbsent(room, r -> new Tape());
  }

  private String freshEpoch() {
    return "e" + ++epochs;
  }

  /** The log as one instance sees it. */
  public EventLog at() {
    return new InstanceLog();
  }

  private <T> T snapshot(Supplier<T> read) {
    reads.incrementAndGet();
    refuseIfUnavailable();
    T result;
    lock.lock();
    try {
      result = read.get();
    } finally {
      lock.unlock();
    }
    HeldReads held = hold;
    if (held != null) {
      held.waiting.incrementAndGet();
      held.released.join();
    }
    refuseIfUnavailable();
    return result;
  }

  private void refuseIfUnavailable() {
    if (unavailable) {
      throw new LogUnavailableException("switched off", null);
    }
  }

  /** What one instance has of the log. */
  private final class InstanceLog implements EventLog {
    private final ReentrantLock telling = new ReentrantLock(true);
    private volatile CommitListener listener = (events, answer) -> {};

    @Override
    public CompletableFuture<AppendResult> append(Publication p) {
      if (unavailable) {
        return CompletableFuture.completedFuture(
            new AppendResult.NotAppended(Rejection.of(ErrorCode.STORAGE)));
      }
      Rejection rejection = refused.get(p.room());
      if (rejection != null) {
        return CompletableFuture.completedFuture(new AppendResult.NotAppended(rejection));
      }
      telling.lock();
      try {
        return CompletableFuture.completedFuture(appendAndTell(p));
      } finally {
        telling.unlock();
      }
    }

    private AppendResult appendAndTell(Publication p) {
      Event event;
      boolean duplicate;
      lock.lock();
      try {
        Tape tape = tape(p.room());
        Event known = p.keyed() ? tape.keys.get(p.by() + '\n' + p.key()) : null;
        duplicate = known != null;
        event = known == null ? add(tape, p) : known;
      } finally {
        lock.unlock();
      }
      if (!duplicate) {
        listener.committed(List.of(event), () -> {});
      }
      return new AppendResult.Appended(event.epoch(), event.seq(), event.id(), duplicate);
    }

    private Event add(Tape tape, Publication p) {
      if (tape.epoch.isEmpty()) {
        tape.epoch = freshEpoch();
      }
      long seq = tape.events.size() + 1L;
      Instant at = Instant.ofEpochMilli(++clock);
      Event event =
          new Event(
              p.room(),
              tape.epoch,
              seq,
              p.id(),
              p.name().value(),
              p.content(),
              p.meta(),
              p.by(),
              at,
              p.origin());
      parents.put(p.id(), tape.events.isEmpty() ? "" : tape.events.getLast().id());
      tape.events.add(event);
      tape.keys.put(p.by() + '\n' + p.key(), event);
      return event;
    }

    @Override
    public Map<RoomName, Head> heads(Collection<RoomName> rooms) {
      return snapshot(
          () -> {
            Map<RoomName, Head> heads = new HashMap<>();
            for (RoomName room : rooms) {
              Head head = head(room);
              if (head.seq() > 0) {
                heads.put(room, head);
              }
            }
            return heads;
          });
    }

    @Override
    public LogPage after(RoomName room, long after, int limit, int bytes) {
      return snapshot(
          () -> {
            Tape tape = tapes.get(room);
            return tape == null
                ? new LogPage(Head.EMPTY, List.of())
                : new LogPage(
                    tape.head(),
                    cut(tape.range(after, Math.max(after, tape.floor) + limit), bytes));
          });
    }

    @Override
    public LogPage before(RoomName room, long before, int limit) {
      return snapshot(
          () -> {
            Tape tape = tapes.get(room);
            if (tape == null) {
              return new LogPage(Head.EMPTY, List.of());
            }
            long end = Math.min(before - 1, tape.events.size());
            return new LogPage(tape.head(), tape.range(Math.max(0, end - limit), end));
          });
    }

    @Override
    public Cursor at(RoomName room, Instant instant) {
      return snapshot(
          () -> {
            Tape tape = tapes.get(room);
            if (tape == null) {
              return Cursor.START;
            }
            Head head = tape.head();
            return tape.range(0, head.seq()).stream()
                .filter(event -> !event.at().isBefore(instant))
                .findFirst()
                .map(event -> new Cursor(head.epoch(), event.seq() - 1))
                .orElse(head.cursor());
          });
    }

    @Override
    public OptionalLong fork(RoomName room, String epoch) {
      return snapshot(
          () -> {
            Tape tape = tapes.get(room);
            if (tape == null || !tape.forks.containsKey(epoch)) {
              return OptionalLong.empty();
            }
            Fork fork = tape.forks.get(epoch);
            long least = Long.MAX_VALUE;
            for (; fork != null; fork = tape.forks.get(fork.next)) {
              least = Math.min(least, fork.seq);
            }
            return OptionalLong.of(least);
          });
    }

    @Override
    public List<RoomName> rooms(String prefix, String from, int limit) {
      return snapshot(
          () ->
              tapes.keySet().stream()
                  .filter(r -> r.value().startsWith(prefix) && r.value().compareTo(from) > 0)
                  .limit(limit)
                  .toList());
    }

    @Override
    public void onCommit(CommitListener told) {
      listener = told;
    }
  }
}
