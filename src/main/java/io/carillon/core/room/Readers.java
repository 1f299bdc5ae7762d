package io.carillon.core.room;

import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.Head;
import io.carillon.core.Joined;
import io.carillon.core.RefusedException;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.spi.EventLog;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which connection reads which rooms: joins, leaves, and forgets what has ended. Thread-safe. */
final class Readers {
  private static final Duration COME_UP = Duration.ofSeconds(5);

  private final EventLog log;
  private final Directory directory;
  private final Sequencer sequencer;
  private final int maxRooms;
  private final ConcurrentHashMap<Connection, Map<RoomName, Subscription>> joined =
      new ConcurrentHashMap<>();

  Readers(EventLog log, Directory directory, Sequencer sequencer, int maxRooms) {
    this.log = log;
    this.directory = directory;
    this.sequencer = sequencer;
    this.maxRooms = maxRooms;
  }

  /** A join that was taken; nothing flows before {@link #begin}. */
  record Entry(Subscription reader, Joined joined) {}

  /**
   * Enters a room; an earlier join of the same room by the same connection ends.
   *
   * @param after continue after this; null: live
   * @param last begin so many events before the head; used only without {@code after}
   * @throws RefusedException with {@link ErrorCode#LIMIT} beyond the bound of rooms, with {@link
   *     ErrorCode#STORAGE} if the room does not come up to a position that the log has
   */
  Entry enter(
      Connection connection, RoomName name, @Nullable Cursor after, int last, boolean signals) {
    leave(connection, name);
    Map<RoomName, Subscription> rooms =
        joined.computeIfAbsent(connection, c -> new ConcurrentHashMap<>());
    try {
      if (rooms.size() >= maxRooms) {
        throw new RefusedException(ErrorCode.LIMIT);
      }
      Entry entry = null;
      while (entry == null) {
        Room room = directory.room(name);
        sequencer.load(room);
        entry = place(new Subscription(connection, room, signals), after, last);
      }
      rooms.put(name, entry.reader);
      return entry;
    } finally {
      if (connection.closing()) {
        ended(connection);
      }
    }
  }

  private @Nullable Entry place(Subscription reader, @Nullable Cursor after, int last) {
    Room room = reader.room;
    if (after == null) {
      Head known = room.position();
      long seq = last == 0 ? -1 : Math.max(known.floor(), known.seq() - last);
      Head head = room.enter(reader, seq);
      return head == null ? null : entry(reader, head, false, null);
    }
    return resume(reader, after);
  }

  private @Nullable Entry resume(Subscription reader, Cursor after) {
    Room room = reader.room;
    Continuation way = Continuation.judge(after, room.position(), e -> log.fork(room.name(), e));
    if (way instanceof Continuation.Broken) {
      way = Continuation.judge(after, sequencer.refresh(room), e -> log.fork(room.name(), e));
    }
    switch (way) {
      case Continuation.From from -> {
        comeUp(room, from.seq());
        Head head = room.enter(reader, from.seq());
        return head == null ? null : entry(reader, head, true, null);
      }
      case Continuation.Broken broken -> {
        Head head = room.enter(reader, -1);
        return head == null
            ? null
            : entry(
                reader,
                head,
                false,
                new Resync(room.name(), broken.reason(), head.cursor(), head.floorCursor()));
      }
    }
  }

  private static Entry entry(
      Subscription reader, Head head, boolean recovered, @Nullable Resync resync) {
    Cursor cursor = reader.seq == head.seq() ? head.cursor() : new Cursor(head.epoch(), reader.seq);
    return new Entry(
        reader, new Joined(reader.name(), cursor, head.cursor(), recovered, null, resync));
  }

  private static void comeUp(Room room, long seq) {
    try {
      if (!room.awaitPosition(seq, COME_UP.toNanos())) {
        throw new RefusedException(ErrorCode.STORAGE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(ErrorCode.STORAGE);
    }
  }

  /** The answer to the join was queued: events may follow. */
  void begin(Entry entry) {
    entry.reader.room.begin(entry.reader);
  }

  /** Whether the connection reads the room. */
  boolean reads(Connection connection, RoomName room) {
    return joined.getOrDefault(connection, Map.of()).containsKey(room);
  }

  /** Ends the reading of a room; false: it was not read. */
  boolean leave(Connection connection, RoomName room) {
    Map<RoomName, Subscription> rooms = joined.get(connection);
    Subscription reader = rooms == null ? null : rooms.remove(room);
    if (reader == null) {
      return false;
    }
    directory.exit(reader);
    return true;
  }

  /** Ends all reading of a connection that has ended. Idempotent. */
  void ended(Connection connection) {
    Map<RoomName, Subscription> rooms = joined.remove(connection);
    if (rooms != null) {
      rooms.values().forEach(directory::exit);
    }
  }
}
