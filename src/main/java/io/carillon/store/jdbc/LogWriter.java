package io.carillon.store.jdbc;

import io.carillon.core.ErrorCode;
import io.carillon.core.Event;
import io.carillon.core.RoomName;
import io.carillon.core.spi.EventLog.CommitListener;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Group-commit writer of the event log: commits what is queued for its rooms, one batch at a time
 * over one connection of its own. While it has no connection, publishes wait until their deadline.
 *
 * <p>A call that was lost with its connection is tried again as long as anybody waits for it: every
 * id is remembered by the database, so the second call either stores the events or finds them.
 */
final class LogWriter implements Runnable {
  private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());

  private final String name;
  private final RoomIds rooms;
  private final CommitListener committed;
  private final PublishQueue queue;
  private final WriterLink link;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Of the batch that is written; used by the writer's thread only. */
  private final PostponedEvents postponed = new PostponedEvents();

  private volatile List<Pending> inFlight = List.of();

  LogWriter(
      String name,
      DataSource source,
      LogSettings settings,
      RoomIds rooms,
      CommitListener committed) {
    this.name = name;
    this.rooms = rooms;
    this.committed = committed;
    this.queue = new PublishQueue(settings);
    this.link = new WriterLink(name, source, settings, queue::close);
  }

  boolean offer(Pending pending) {
    return queue.offer(pending);
  }

  int queued() {
    return queue.size();
  }

  boolean connected() {
    return link.connected();
  }

  boolean works() {
    return link.works();
  }

  void probe() {
    link.probe();
  }

  @Override
  public void run() {
    try {
      link.session();
      PublishQueue.PublishBatch batch = queue.next();
      while (!batch.events().isEmpty()) {
        commit(batch);
        batch = queue.next();
      }
    } finally {
      link.drop();
      stopped.countDown();
    }
  }

  /** Answers what is past its deadline and gives up a call that takes too long; from a timer. */
  void sweep(long now, Executor aborts) {
    ErrorCode unsent = connected() ? ErrorCode.OVERLOADED : ErrorCode.STORAGE;
    queue.expired(now).forEach(pending -> pending.expire(now, unsent));
    inFlight.forEach(pending -> pending.expire(now, unsent));
    link.sweep(now, aborts);
  }

  /** Takes no more. */
  void close() {
    queue.close();
    link.hurry();
  }

  /** Waits until what was queued is answered; false if that took too long. */
  boolean awaitStopped(Duration limit) throws InterruptedException {
    return stopped.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void commit(PublishQueue.PublishBatch batch) {
    inFlight = batch.events();
    try {
      List<Pending> left = batch.events();
      boolean done = false;
      while (!done && !left.isEmpty()) {
        WriterSession open = link.session();
        done = open != null && tryOnce(open, left, !batch.cautious());
        left = left.stream().filter(Pending::open).toList();
      }
    } catch (RuntimeException | LinkageError defect) {
      LOG.log(Level.ERROR, name + ": a batch failed for an unforeseen reason", defect);
      link.lose();
      batch.events().forEach(Pending::lost);
      batch.events().forEach(pending -> pending.refuse(ErrorCode.UNKNOWN));
    } finally {
      inFlight = List.of();
    }
  }

  /** Writes a batch; false if the connection was lost, so that what is still open needs a retry. */
  private boolean tryOnce(WriterSession open, List<Pending> batch, boolean wait) {
    postponed.clear();
    try {
      write(open, batch, wait);
      queue.park(postponed.events());
      return true;
    } catch (SQLException failed) {
      boolean lost = Failure.of(failed) == Failure.LOST;
      link.failed(failed);
      for (Pending pending : batch) {
        if (lost) {
          pending.lost();
        } else {
          pending.unsent();
          pending.refuse(ErrorCode.STORAGE);
        }
      }
      return !lost;
    } finally {
      link.returned();
    }
  }

  /** Writes a batch, in parts where it must; throws only what concerns all of it. */
  private void write(WriterSession open, List<Pending> all, boolean wait) throws SQLException {
    List<Pending> batch = postponed.without(all).stream().filter(Pending::open).toList();
    if (batch.isEmpty()) {
      return;
    }
    try {
      long[] ids = ids(open, batch);
      link.calling(open);
      if (batch.stream().allMatch(Pending::send)) {
        settle(batch, open.append(batch, ids, wait));
      } else {
        batch.forEach(
            Pending::unsent); // one has expired: its caller was told that it is not in the log
        write(open, batch, wait);
      }
    } catch (SQLException failed) {
      handle(failed, open, batch, wait);
    } finally {
      link.returned();
    }
  }

  /** Does with a failed batch, or a failed part of it, what its failure asks for. */
  private void handle(SQLException failed, WriterSession open, List<Pending> batch, boolean wait)
      throws SQLException {
    WriteFailureAction action = WriteFailureAction.of(Failure.of(failed), batch.size() == 1, wait);
    if (action != WriteFailureAction.GIVE_UP) {
      batch.forEach(Pending::unsent);
    }
    switch (action) {
      case WITHOUT_WAITING -> write(open, batch, false);
      case MAKE_DAYS -> {
        makeDays(open, failed);
        write(open, batch, wait);
      }
      case HALVE -> {
        int half = batch.size() / 2;
        write(open, batch.subList(0, half), wait);
        write(open, batch.subList(half, batch.size()), wait);
      }
      case REFUSE -> batch.getFirst().refuse(ErrorCode.BAD_DATA);
      case LATER -> {
        batch.getFirst().lookNextTime();
        postponed.add(batch.getFirst());
      }
      case GIVE_UP -> throw failed;
    }
  }

  private static void makeDays(WriterSession open, SQLException failed) throws SQLException {
    if (open.makeDays() == 0) {
      throw failed;
    }
  }

  private long[] ids(WriterSession open, List<Pending> batch) throws SQLException {
    long[] ids = new long[batch.size()];
    Set<RoomName> missing = new HashSet<>(0);
    for (Pending pending : batch) {
      if (rooms.get(pending.room()) == null) {
        missing.add(pending.room());
      }
    }
    Map<RoomName, Long> made = Map.of();
    if (!missing.isEmpty()) {
      link.calling(open);
      made = open.makeRooms(missing);
      rooms.put(made);
    }
    for (int i = 0; i < ids.length; i++) {
      RoomName room = batch.get(i).room();
      Long id = made.get(room);
      if (id == null) {
        id = rooms.get(room);
      }
      ids[i] = id == null ? 0 : id; // forgotten meanwhile: 0 is no room, and it is tried again
    }
    return ids;
  }

  private void settle(List<Pending> batch, BatchOutcome outcome) {
    String doubt = outcome.doubt();
    if (doubt != null) {
      link.doubted(doubt);
      batch.forEach(Pending::lost);
      batch.forEach(pending -> pending.refuse(ErrorCode.UNKNOWN));
      return;
    }
    link.succeeded();
    List<Event> events = new ArrayList<>(batch.size());
    List<Integer> answers = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Pending pending = batch.get(i);
      switch (outcome.fate(i)) {
        case STORED -> {
          events.add(outcome.event(pending.publication(), i));
          answers.add(i);
        }
        case DUPLICATE -> {
          if (ours(pending)) {
            events.add(outcome.event(pending.publication(), i));
          }
          answers.add(i);
        }
        case BUSY -> postponed.add(pending);
        case NO_ROOM -> {
          rooms.forget(List.of(pending.room()));
          postponed.add(pending);
        }
      }
    }
    committed.committed(
        events,
        () -> {
          for (int i : answers) {
            Pending pending = batch.get(i);
            boolean duplicate = outcome.fate(i) == BatchOutcome.Fate.DUPLICATE && !ours(pending);
            pending.appended(outcome.epoch(i), outcome.seq(i), duplicate);
          }
        });
  }

  /** Whether what was found in the log can only come from a call of ours that was lost. */
  private static boolean ours(Pending pending) {
    return pending.doubtful() && !pending.publication().keyed();
  }
}
