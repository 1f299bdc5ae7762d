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
 * The replay gate: brings a reader that is not live from where it is to the head, at the pace of
 * its own outbox. New, resumed and lagging readers all go through here. A thread is used only while
 * there is something to read and room to put it; readers at the same place share one read, and only
 * so many read at a time, however many are behind at places of their own.
 *
 * <p>A reader that catches up is in exactly one place: running here, waiting for its outbox, or
 * waiting for the next try. Only {@link Room} makes it live or lagging.
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

  /** One read in flight per room and place; whoever comes while it is under way shares it. */
  private final SingleFlight<Place, Found> reads = new SingleFlight<>();

  private record Place(RoomName room, long after) {}

  private record Found(Sequence.ReadContext context, LogPage page, List<SharedDelivery> events) {}

  /**
   * Makes a replay gate.
   *
   * @param executor runs the replays; they block, so give virtual threads
   * @param later runs a short task after a while
   * @param limits how many pages may be read at a time, the others wait, in order; how large they
   *     are
   */
  Catchup(
      EventLog log,
      Sequencer sequencer,
      Executor executor,
      BiConsumer<Runnable, Duration> later,
      Limits limits) {
    this.places = new Semaphore(limits.replays(), true);
    this.pageBytes = limits.replayBytes();
    this.log = log;
    this.sequencer = sequencer;
    this.executor = executor;
    this.later = later;
  }

  /** Lets the reader go on as soon as its outbox has drained; never if its connection ends. */
  void resume(Subscription reader) {
    reader.connection.whenDrained(() -> start(reader));
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
    } catch (RuntimeException defect) {
      LOG.log(Level.ERROR, "a reader could not be moved on; tried again", defect);
      later.accept(() -> start(reader), Backoff.around(RETRY));
    }
  }

  /** Moves the reader on as far as it goes; false: its outbox is full. */
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
    Found read = reads.join(new Place(reader.room.name(), after), () -> read(reader.room, after));
    sequencer.read(reader.room, read.page, read.context);
    return reader.room.replay().read(reader, after, read.page, read.events, read.context);
  }

  /** The reader is at the log's head, but the room is not yet: lets it catch up. */
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

  private Found read(Room room, long after) {
    places.acquireUninterruptibly();
    try {
      Sequence.ReadContext context = room.position().readContext();
      LogPage page = log.after(room.name(), after, PAGE, pageBytes);
      List<SharedDelivery> events =
          page.events().stream()
              .map(e -> new SharedDelivery(new Delivery.EventDelivery(e)))
              .toList();
      return new Found(context, page, events);
    } finally {
      places.release();
    }
  }
}
