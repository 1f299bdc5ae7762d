package io.carillon.core.room;

import io.carillon.core.Command;
import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.Head;
import io.carillon.core.Joined;
import io.carillon.core.RefusedException;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.room.RoomPosition.HeadSnapshot;
import io.carillon.core.spi.EventLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Registry of subscriptions by connection. Thread-safe. */
final class SubscriptionRegistry {
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  private final Forks forks = new Forks();
  private final EventLog log;
  private final RoomRegistry registry;
  private final Sequencer sequencer;
  private final RoomLimits limits;
  private final ConcurrentHashMap<Connection, Map<RoomName, Subscription>> joined =
      new ConcurrentHashMap<>();

  SubscriptionRegistry(
      EventLog log, RoomRegistry registry, Sequencer sequencer, RoomLimits limits) {
    this.log = log;
    this.registry = registry;
    this.sequencer = sequencer;
    this.limits = limits;
  }

  /** Accepted join; nothing is delivered before {@link #begin}. */
  record Entry(Subscription reader, Joined joined) {}

  /**
   * Loads those of the rooms that have no readers here, in one read; the result is for {@link
   * #enter}.
   */
  Map<RoomName, HeadSnapshot> load(List<RoomName> names) {
    return sequencer.loadAll(names.stream().map(registry::room).toList());
  }

  /** Whether a join needs no read of the log: all its events are in memory. */
  boolean inMemory(RoomName name, @Nullable Cursor after, int last) {
    Room room = registry.find(name);
    if (room == null || !room.position().loaded()) {
      return false;
    }
    HeadSnapshot snapshot = room.position().snapshot();
    return after == null
        ? Math.max(0, snapshot.head().seq() - last) >= snapshot.oldest() || last == 0
        : inMemory(
            snapshot, ResumeDecision.judge(after, snapshot.head(), epoch -> OptionalLong.empty()));
  }

  private static boolean inMemory(HeadSnapshot snapshot, ResumeDecision way) {
    return way instanceof ResumeDecision.From from
        && from.seq() >= snapshot.oldest()
        && from.seq() <= snapshot.head().seq();
  }

  /**
   * Enters a room; an earlier join of the same room by the same connection ends.
   *
   * @param fresh the room's head, if {@link #load} has just read it
   * @throws RefusedException with {@link ErrorCode#LIMIT} beyond the bound of rooms, or of the
   *     readers of this one or of its namespace, with {@link ErrorCode#STORAGE} if the room does
   *     not catch up with a position that the log has
   */
  Entry enter(Connection connection, Command.Join join, @Nullable HeadSnapshot fresh) {
    RoomName name = join.room();
    leave(connection, name);
    Map<RoomName, Subscription> rooms =
        joined.computeIfAbsent(connection, c -> new ConcurrentHashMap<>());
    try {
      if (rooms.size() >= limits.roomsPerConnection()) {
        throw new RefusedException(ErrorCode.LIMIT);
      }
      limits.shared().read(name, connection.visitor());
      Entry entry = null;
      try {
        entry = placed(connection, join, fresh);
        entry.reader.count(true);
      } finally {
        if (entry == null) {
          limits.shared().left(name);
        }
      }
      rooms.put(name, entry.reader);
      return entry;
    } finally {
      if (connection.closing()) {
        // The end of the connection may have run before this reader was added.
        joined.remove(connection, rooms);
        rooms.values().forEach(this::exit);
      }
    }
  }

  private Entry placed(Connection connection, Command.Join join, @Nullable HeadSnapshot fresh) {
    HeadSnapshot known = fresh;
    while (true) {
      Room room = registry.room(join.room());
      sequencer.load(room);
      Subscription reader =
          new Subscription(connection, room, join.signals(), join.echo(), join.vouched());
      Entry entry = place(reader, join.after(), join.last(), known);
      if (entry != null) {
        return entry;
      }
      known = null;
      registry.forgetIfRetired(room);
    }
  }

  /** Ends a subscription and its count; idempotent. */
  private void exit(Subscription reader) {
    registry.exit(reader);
    if (reader.count(false)) {
      limits.shared().left(reader.name());
    }
  }

  /** Adds the reader to the room; null: the room has changed meanwhile, begin again. */
  private @Nullable Entry place(
      Subscription reader, @Nullable Cursor after, int last, @Nullable HeadSnapshot fresh) {
    if (after != null) {
      return resume(reader, after, fresh);
    }
    return last == 0 ? enterAt(reader, -1, -1, false) : begin(reader, last, fresh);
  }

  private @Nullable Entry begin(Subscription reader, int last, @Nullable HeadSnapshot fresh) {
    HeadSnapshot snapshot = reader.room.position().snapshot();
    if (Math.max(0, snapshot.head().seq() - last) < snapshot.oldest()) {
      snapshot = fresh == null ? sequencer.refresh(reader.room) : fresh;
      if (snapshot.generation() < 0) {
        return null;
      }
      catchUp(reader.room, snapshot.head().seq(), snapshot.generation());
    }
    long seq = Math.max(snapshot.head().floor(), snapshot.head().seq() - last);
    return enterAt(reader, seq, snapshot.generation(), false);
  }

  private @Nullable Entry resume(Subscription reader, Cursor after, @Nullable HeadSnapshot fresh) {
    Room room = reader.room;
    HeadSnapshot snapshot = room.position().snapshot();
    ResumeDecision way = judge(room, after, snapshot.head());
    if (!inMemory(snapshot, way)) {
      snapshot = fresh == null ? sequencer.refresh(room) : fresh;
      way = judge(room, after, snapshot.head());
    }
    if (snapshot.generation() < 0) {
      return null;
    }
    switch (way) {
      case ResumeDecision.From from -> {
        catchUp(room, from.seq(), snapshot.generation());
        return enterAt(reader, from.seq(), snapshot.generation(), true);
      }
      case ResumeDecision.NeedsResync lost -> {
        Head head = snapshot.head();
        catchUp(room, head.seq(), snapshot.generation());
        reader.pendingResync =
            new Resync(room.name(), lost.reason(), head.cursor(), head.floorCursor());
        return enterAt(reader, head.seq(), snapshot.generation(), false);
      }
    }
  }

  private ResumeDecision judge(Room room, Cursor cursor, Head head) {
    return ResumeDecision.judge(
        cursor,
        head,
        epoch -> forks.of(room.name(), epoch, head.epoch(), () -> log.fork(room.name(), epoch)));
  }

  private static @Nullable Entry enterAt(
      Subscription reader, long seq, long generation, boolean recovered) {
    Resync pendingResync = reader.pendingResync;
    Entered in = reader.room.enter(reader, seq, generation);
    if (in == null) {
      return null;
    }
    Cursor cursor = new Cursor(in.head().epoch(), in.seq());
    return new Entry(
        reader,
        new Joined(reader.name(), cursor, in.head().cursor(), recovered, null, pendingResync));
  }

  /** Waits until the room has reached a position that the log has, or is in another generation. */
  private static void catchUp(Room room, long seq, long generation) {
    try {
      if (!room.position().await(seq, generation, CATCH_UP.toNanos())) {
        throw new RefusedException(ErrorCode.STORAGE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(ErrorCode.STORAGE);
    }
  }

  /** Starts deliveries: the answer to the join is queued. */
  void begin(Entry entry) {
    entry.reader.room.begin(entry.reader);
  }

  /** Whether the connection reads the room. */
  boolean reads(Connection connection, RoomName room) {
    return joined.getOrDefault(connection, Map.of()).containsKey(room);
  }

  /** Progress of a connection in the rooms that it reads, in no order. */
  List<RoomReading> readings(Connection connection) {
    return joined.getOrDefault(connection, Map.of()).values().stream()
        .map(reader -> reader.room.reading(reader))
        .toList();
  }

  /** Marks the subscription as present, which requires that right too; false: there is none. */
  boolean present(Connection connection, RoomName room) {
    Subscription reader = joined.getOrDefault(connection, Map.of()).get(room);
    if (reader == null) {
      return false;
    }
    reader.present = true;
    return true;
  }

  /** Ends a subscription; false: there was none. */
  boolean leave(Connection connection, RoomName room) {
    Map<RoomName, Subscription> rooms = joined.get(connection);
    Subscription reader = rooms == null ? null : rooms.remove(room);
    if (reader == null) {
      return false;
    }
    exit(reader);
    return true;
  }

  /** Ends all subscriptions of a connection. Idempotent. */
  void ended(Connection connection) {
    Map<RoomName, Subscription> rooms = joined.remove(connection);
    if (rooms != null) {
      rooms.values().forEach(this::exit);
    }
  }

  /** Reviews the rights of all connections. */
  void review(Review review) {
    review.run(joined);
  }

  /** Reviews the rights of one connection. */
  void review(Review review, Connection connection) {
    review.run(Map.of(connection, joined.getOrDefault(connection, Map.of())));
  }

  /** Number of connections with a subscription. */
  int connections() {
    return joined.size();
  }
}
