package io.carillon.core.room;

import io.carillon.core.Delivery;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Shared;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.LogPage;
import io.carillon.core.spi.LogUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * The replay gate: brings a reader that is not live from where it is to the head, at the pace of
 * its own outbox. New, resumed and lagging readers all go through here. A thread is used only while
 * there is something to read and room to put it; readers at the same place share one read.
 */
final class Catchup {
  private static final int PAGE = 256;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final EventLog log;
  private final Sequencer sequencer;
  private final Executor executor;
  private final BiConsumer<Runnable, Duration> later;
  private final ConcurrentHashMap<Place, CompletableFuture<Read>> reading =
      new ConcurrentHashMap<>();

  private record Place(RoomName room, long after) {}

  private record Read(Sequence.Asked asked, LogPage page, List<Shared> events) {}

  /**
   * Makes a replay gate.
   *
   * @param executor runs the replays; they block, so give virtual threads
   * @param later runs a short task after a while
   */
  Catchup(
      EventLog log, Sequencer sequencer, Executor executor, BiConsumer<Runnable, Duration> later) {
    this.log = log;
    this.sequencer = sequencer;
    this.executor = executor;
    this.later = later;
  }

  /** Lets the reader go on as soon as its outbox has drained. */
  void resume(Subscription reader) {
    reader.connection.whenDrained(() -> executor.execute(() -> run(reader)));
  }

  private void run(Subscription reader) {
    try {
      Room room = reader.room;
      while (true) {
        List<Shared> events;
        switch (room.next(reader, PAGE)) {
          case Room.Step.Over over -> {
            return;
          }
          case Room.Step.Queue ready -> events = ready.events();
          case Room.Step.Read read -> events = read(reader, read.after());
        }
        if (!room.queue(reader, events)) {
          resume(reader);
          return;
        }
      }
    } catch (LogUnavailableException e) {
      later.accept(() -> executor.execute(() -> run(reader)), RETRY);
    }
  }

  private List<Shared> read(Subscription reader, long after) {
    Read read = shared(reader.room, after);
    Room room = reader.room;
    room.read(read.page, read.asked);
    sequencer.heard(room, read.page.head().epoch(), read.page.head().seq());
    boolean follows = !read.events.isEmpty() && read.page.events().getFirst().seq() == after + 1;
    boolean atHead = read.events.isEmpty() && read.page.head().seq() == after;
    if (atHead) {
      awaitRoom(room, after);
    } else if (!follows) {
      room.lost(reader, read.page.head());
    }
    return follows ? read.events : List.of();
  }

  /** The reader is at the log's head, but the room is not yet: lets it come up. */
  private static void awaitRoom(Room room, long seq) {
    try {
      if (!room.awaitPosition(seq, RETRY.toNanos())) {
        throw new LogUnavailableException("the room does not come up to the log's head", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("interrupted", e);
    }
  }

  /** One read in flight per room and place; whoever comes while it is under way shares it. */
  private Read shared(Room room, long after) {
    Place place = new Place(room.name(), after);
    CompletableFuture<Read> mine = new CompletableFuture<>();
    CompletableFuture<Read> theirs = reading.putIfAbsent(place, mine);
    if (theirs != null) {
      return join(theirs);
    }
    try {
      Sequence.Asked asked = room.asked();
      LogPage page = log.after(room.name(), after, PAGE);
      List<Shared> events =
          page.events().stream().map(e -> new Shared(new Delivery.EventDelivery(e))).toList();
      Read read = new Read(asked, page, events);
      mine.complete(read);
      return read;
    } catch (RuntimeException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      reading.remove(place, mine);
    }
  }

  private static Read join(CompletableFuture<Read> theirs) {
    try {
      return theirs.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
