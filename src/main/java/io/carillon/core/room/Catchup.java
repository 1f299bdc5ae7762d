package io.carillon.core.room;

import io.carillon.core.Delivery;
import io.carillon.core.RoomName;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.core.retry.Backoff;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.LogPage;
import io.carillon.core.spi.LogUnavailableException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;

/**
 * Replay of the log to readers that are not live, up to the head, at the pace of each reader's own
 * send queue. New, resumed and lagging readers all take this path. A replay occupies a thread only
 * while there is something to read and the queue takes it; readers at the same position share one
 * read, and the number of concurrent reads is bounded.
 *
 * <p>A reader that catches up is in exactly one state: running here, waiting for its send queue, or
 * waiting for the next attempt. Only {@link Room} makes it live or lagging.
 */
final class Catchup {
  private static final int PAGE = 256;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final System.Logger LOG = System.getLogger(Catchup.class.getName());

  private final EventLog log;
  private final Sequencer sequencer;
  private final Executor executor;
  private final BiConsumer<Runnable, Duration> later;
  private final Semaphore places;
  private final int pageBytes;

  /** Reads by room and position; concurrent readers of one position share one. */
  private final SingleFlight<ReplayPosition, ReplayPage> reads = new SingleFlight<>();

  private record ReplayPosition(RoomName room, long after) {}

  private record ReplayPage(
      Sequence.ReadContext context, LogPage page, List<SharedDelivery> events) {}

  /**
   * Creates the replay.
   *
   * @param executor runs the replays; they block, so give virtual threads
   * @param later runs a short task after a while
   * @param limits number of concurrent page reads, beyond which readers wait in order, and the size
   *     of a page
   */
  Catchup(
      EventLog log,
      Sequencer sequencer,
      Executor executor,
      BiConsumer<Runnable, Duration> later,
      RoomLimits limits) {
    this.places = new Semaphore(limits.replays(), true);
    this.pageBytes = limits.replayBytes();
    this.log = log;
    this.sequencer = sequencer;
    this.executor = executor;
    this.later = later;
  }

  /** Resumes a reader once its send queue has space; never if its connection ends before. */
  void resume(Subscription reader) {
    reader.connection.whenSpace(() -> start(reader));
  }

  private void start(Subscription reader) {
    try {
      executor.execute(() -> run(reader));
    } catch (RejectedExecutionException stopping) {
      LOG.log(Level.DEBUG, "no reader catches up any more", stopping);
    }
  }

  private void run(Subscription reader) {
    try {
      if (!toHeadOrFull(reader)) {
        resume(reader);
      }
    } catch (LogUnavailableException e) {
      LOG.log(Level.DEBUG, "a reader waits for the log", e);
      later.accept(() -> start(reader), Backoff.around(RETRY));
    } catch (RuntimeException | LinkageError defect) {
      LOG.log(Level.ERROR, "a reader could not be moved on; tried again", defect);
      later.accept(() -> start(reader), Backoff.around(RETRY));
    }
  }

  /** Advances a reader until it is live or has ended; false: its send queue is full. */
  private boolean toHeadOrFull(Subscription reader) {
    Room room = reader.room;
    Step step = room.replay().next(reader);
    while (true) {
      switch (step) {
        case Step.Over over -> {
          return true;
        }
        case Step.Full full -> {
          return false;
        }
        case Step.Again again -> step = room.replay().next(reader);
        case Step.Read read -> step = replay(reader, read.after());
        case Step.CatchUp up -> {
          awaitRoom(room, up);
          step = room.replay().next(reader);
        }
        case Step.Suspect suspect -> {
          sequencer.refresh(room);
          step = room.replay().next(reader);
        }
      }
    }
  }

  private Step replay(Subscription reader, long after) {
    ReplayPage read =
        reads.join(new ReplayPosition(reader.room.name(), after), () -> read(reader.room, after));
    sequencer.read(reader.room, read.page, read.context);
    return reader.room.replay().read(reader, after, read.page, read.events, read.context);
  }

  /** Waits for a room whose position is behind the log's head, where the reader already is. */
  private static void awaitRoom(Room room, Step.CatchUp up) {
    try {
      if (!room.position().await(up.seq(), up.generation(), RETRY.toNanos())) {
        throw new LogUnavailableException("the room does not catch up with the log's head", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("interrupted", e);
    }
  }

  private ReplayPage read(Room room, long after) {
    places.acquireUninterruptibly();
    try {
      Sequence.ReadContext context = room.position().readContext();
      LogPage page = log.after(room.name(), after, PAGE, pageBytes);
      List<SharedDelivery> events =
          page.events().stream()
              .map(e -> new SharedDelivery(new Delivery.EventDelivery(e)))
              .toList();
      return new ReplayPage(context, page, events);
    } finally {
      places.release();
    }
  }
}
