package io.carillon.store.jdbc;

import io.carillon.core.Event;
import io.carillon.core.RoomName;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Failure policy of the relay: moves a batch of outbox rows into the log, and what cannot be moved
 * as a whole in parts. A row that is to blame is put aside; a room whose lock is not to be had
 * rests with all its rows; everything else is thrown, and the relay begins anew.
 *
 * <p>Used by one thread, but for the counters.
 */
final class RelayMover {
  private static final System.Logger LOG = System.getLogger(RelayMover.class.getName());
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** The database as the mover needs it: each call is one transaction. */
  interface RelayTarget {
    /** Moves rows into the log, all of them or none; fewer: they are gone, or the lease is. */
    Moved move(List<OutboxRow> rows) throws SQLException;

    /** Puts a row aside that can never be published. */
    void reject(OutboxRow row, String reason) throws SQLException;

    Map<RoomName, Long> makeRooms(Collection<RoomName> names) throws SQLException;

    int makeDays() throws SQLException;
  }

  /**
   * Result of a move.
   *
   * @param moved numbers that are no longer in the outbox
   * @param events the events that it added to the log
   * @param doubt the warning that came with the commit, so that it is not certain; or null
   */
  record Moved(List<Long> moved, List<Event> events, @Nullable String doubt) {}

  private final RelayQueue queue;
  private final int cachedRooms;
  private final LongSupplier nanos;
  private final Runnable calling;
  private final Consumer<List<Event>> told;
  private final Set<RoomName> made = new HashSet<>();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong relayed = new AtomicLong();
  private boolean doubtful;

  /**
   * Works on this queue.
   *
   * @param cachedRooms most known rooms; beyond them all are forgotten
   * @param nanos a clock
   * @param calling runs before each call
   * @param told takes the events that were added to the log
   */
  RelayMover(
      RelayQueue queue,
      int cachedRooms,
      LongSupplier nanos,
      Runnable calling,
      Consumer<List<Event>> told) {
    this.queue = queue;
    this.cachedRooms = cachedRooms;
    this.nanos = nanos;
    this.calling = calling;
    this.told = told;
  }

  /** Rows that were put aside so far. From any thread. */
  long rejected() {
    return rejected.get();
  }

  /** Rows that were moved so far. From any thread. */
  long relayed() {
    return relayed.get();
  }

  /** Whether rows could not be moved since the last call because they or the lease were gone. */
  boolean doubtful() {
    boolean was = doubtful;
    doubtful = false;
    return was;
  }

  /**
   * Moves what may be moved of one scan and queues the rest.
   *
   * @param rows ascending by number
   */
  void move(RelayTarget target, List<OutboxRow> rows) throws SQLException {
    List<OutboxRow> good = new ArrayList<>(rows.size());
    for (OutboxRow row : rows) {
      String fault = row.fault();
      if (fault == null) {
        good.add(row);
      } else {
        reject(target, row, fault);
      }
    }
    moveReady(target, good);
  }

  private void moveReady(RelayTarget target, List<OutboxRow> rows) throws SQLException {
    moveAll(target, queue.ready(rows));
  }

  private void moveAll(RelayTarget target, List<OutboxRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try {
      calling.run();
      makeRooms(target, rows);
      calling.run();
      settle(rows, target.move(rows));
    } catch (SQLException failed) {
      switch (Failure.of(failed)) {
        case LOST -> throw failed;
        case REFUSED -> {
          made.clear(); // perhaps a room is gone
          throw failed;
        }
        case NO_DAY -> {
          if (target.makeDays() == 0) {
            throw failed;
          }
          queue.add(rows);
        }
        case DATA -> {
          if (rows.size() == 1) {
            reject(target, rows.getFirst(), Failure.describe(failed));
          } else {
            moveHalves(target, rows);
          }
        }
        case BUSY -> moveByRoom(target, rows);
        case AGAIN -> {
          if (rows.size() == 1) {
            rest(rows);
          } else {
            moveHalves(target, rows);
          }
        }
      }
    }
  }

  private void moveHalves(RelayTarget target, List<OutboxRow> rows) throws SQLException {
    int half = rows.size() / 2;
    moveAll(target, rows.subList(0, half));
    moveReady(target, rows.subList(half, rows.size()));
  }

  private void moveByRoom(RelayTarget target, List<OutboxRow> rows) throws SQLException {
    Map<String, List<OutboxRow>> byRoom = new LinkedHashMap<>();
    for (OutboxRow row : rows) {
      byRoom.computeIfAbsent(row.room(), room -> new ArrayList<>()).add(row);
    }
    if (byRoom.size() == 1) {
      rest(rows);
      return;
    }
    for (List<OutboxRow> one : byRoom.values()) {
      moveAll(target, one);
    }
  }

  /** Lets one room rest with these rows, so that what comes behind in it does not pass. */
  private void rest(List<OutboxRow> sameRoom) {
    queue.rest(sameRoom.getFirst().room(), nanos.getAsLong() + REST_NANOS);
    queue.add(sameRoom);
  }

  private void makeRooms(RelayTarget target, List<OutboxRow> rows) throws SQLException {
    Set<RoomName> missing = new HashSet<>();
    for (OutboxRow row : rows) {
      RoomName room = new RoomName(row.room());
      if (!made.contains(room)) {
        missing.add(room);
      }
    }
    if (!missing.isEmpty()) {
      if (made.size() > cachedRooms) {
        made.clear();
      }
      made.addAll(target.makeRooms(missing).keySet());
    }
  }

  private void settle(List<OutboxRow> rows, Moved moved) throws SQLException {
    if (moved.doubt() != null) {
      throw new SQLException("a warning came with the relay's commit: " + moved.doubt(), "08006");
    }
    Set<Long> numbers = new HashSet<>(moved.moved());
    queue.done(rows.stream().filter(row -> numbers.contains(row.number())).toList());
    // Gone to another relay, or the lease is: the next look-up tells.
    List<OutboxRow> rest = rows.stream().filter(row -> !numbers.contains(row.number())).toList();
    queue.add(rest);
    doubtful |= !rest.isEmpty();
    relayed.addAndGet(numbers.size());
    if (!moved.events().isEmpty()) {
      told.accept(moved.events());
    }
  }

  private void reject(RelayTarget target, OutboxRow row, String why) throws SQLException {
    target.reject(row, why);
    queue.done(List.of(row));
    rejected.incrementAndGet();
    LOG.log(
        Level.ERROR, "outbox row " + row.number() + " can never be published: see outbox_rejected");
  }
}
