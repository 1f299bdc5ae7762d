package io.carillon.core.room;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.core.room.RoomPosition.HeadSnapshot;
import io.carillon.core.spi.LogPage;
import io.carillon.core.spi.LogReads;
import io.carillon.core.spi.LogUnavailableException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/**
 * Sequencer of rooms: reads the events that a room is missing, one read in flight per room, and the
 * head whenever an epoch is suspect. If the log cannot be reached the room keeps its position until
 * the next poll.
 */
final class Sequencer {
  private static final int PAGE = 500;
  private static final System.Logger LOG = System.getLogger(Sequencer.class.getName());

  /** Looks at heads, shared by all who ask about a room. */
  private final SingleFlight<Room, HeadSnapshot> looks = new SingleFlight<>();

  private final LogReads log;
  private final LogReads live;
  private final Executor executor;
  private final FanOut fanOut;

  /**
   * Makes a sequencer.
   *
   * @param log read for who asks and waits: joins
   * @param live read to move rooms on, and behind nobody who asks
   * @param executor runs the reads of {@code live}; they block
   * @param fanOut where what came in is passed on
   */
  Sequencer(LogReads log, LogReads live, Executor executor, FanOut fanOut) {
    this.log = log;
    this.live = live;
    this.executor = executor;
    this.fanOut = fanOut;
  }

  /** Reads the head of a room that is not loaded; blocks. */
  void load(Room room) {
    if (!room.position().loaded()) {
      refresh(room);
    }
  }

  /**
   * Reads the heads of all rooms among these that are not loaded, in one query; blocks. A room that
   * is loaded already is left to {@link #refresh}, whose look is shared by all who ask for it.
   *
   * @return where the rooms stand that were read here
   */
  Map<RoomName, HeadSnapshot> loadAll(Collection<Room> rooms) {
    List<Room> missing = rooms.stream().filter(room -> !room.position().loaded()).toList();
    if (missing.size() < 2) {
      return Map.of();
    }
    Map<RoomName, Head> heads = log.heads(missing.stream().map(Room::name).toList());
    Map<RoomName, HeadSnapshot> read = new HashMap<>();
    for (Room room : missing) {
      Head head = heads.getOrDefault(room.name(), Head.EMPTY);
      read.put(
          room.name(),
          looks.fresh(
              room, () -> room.position().loaded() ? look(room, log) : room.position().load(head)));
      if (room.position().idleWork()) {
        start(room);
      }
    }
    return read;
  }

  /** A doorbell; returns at once, however many readers there are. */
  void heard(Room room, String epoch, long seq) {
    tell(room, () -> room.position().heard(epoch, seq));
  }

  /** Own commits; as {@link #heard}. */
  void committed(Room room, List<Event> events) {
    for (List<Event> slice : FanOut.slices(room.large(), events)) {
      tell(room, () -> room.committed(slice));
    }
  }

  /** What comes faster than it can be passed on is read from the log. */
  private void tell(Room room, BooleanSupplier telling) {
    fanOut.tell(
        room,
        () -> startIf(room, telling.getAsBoolean()),
        () -> startIf(room, room.position().suspect()));
  }

  private void startIf(Room room, boolean needed) {
    if (needed) {
      start(room);
    }
  }

  /** Somebody read a page of the room's log; as {@link #heard}. */
  void read(Room room, LogPage page, Sequence.ReadContext context) {
    for (LogPage slice : slices(room, page)) {
      tell(room, () -> room.read(slice, context));
    }
  }

  private static List<LogPage> slices(Room room, LogPage page) {
    return FanOut.slices(room.large(), page.events()).stream()
        .map(events -> new LogPage(page.head(), events))
        .toList();
  }

  /** Compares all these rooms with the log, in one query; blocks. */
  void compare(Collection<Room> rooms) {
    Map<Room, Sequence.ReadContext> contexts = new HashMap<>();
    for (Room room : rooms) {
      if (room.position().loaded()) {
        contexts.put(room, room.position().readContext());
      }
    }
    if (contexts.isEmpty()) {
      return;
    }
    Map<RoomName, Head> heads = live.heads(contexts.keySet().stream().map(Room::name).toList());
    contexts.forEach(
        (room, then) -> {
          Head head = heads.getOrDefault(room.name(), Head.EMPTY);
          if (!head.equals(room.position().head())) {
            read(room, new LogPage(head, List.of()), then);
          } else if (room.position().idleWork()) {
            start(room);
          }
        });
  }

  /**
   * Looks at the head now and moves the room towards it; callers share a look that began after they
   * called. Blocks.
   *
   * @return the fresh head and the generation in which it is what the room stands before;
   *     generation -1: the look was overtaken, look again
   */
  HeadSnapshot refresh(Room room) {
    HeadSnapshot seen = looks.fresh(room, () -> look(room, log));
    if (room.position().idleWork()) {
      start(room);
    }
    return seen;
  }

  private static HeadSnapshot look(Room room, LogReads log) {
    Sequence.ReadContext context = room.position().readContext();
    boolean loaded = room.position().loaded();
    Head fresh = log.heads(List.of(room.name())).getOrDefault(room.name(), Head.EMPTY);
    if (!loaded) {
      return room.position().load(fresh);
    }
    OptionalLong fork =
        context.epoch().equals(fresh.epoch())
            ? OptionalLong.empty()
            : log.fork(room.name(), context.epoch());
    return room.verified(fresh, fork, context);
  }

  private void start(Room room) {
    try {
      executor.execute(() -> work(room));
    } catch (RejectedExecutionException stopping) {
      room.position().giveUp();
    }
  }

  private void work(Room room) {
    boolean done = false;
    try {
      boolean goesOn = true;
      while (goesOn) {
        switch (room.position().need()) {
          case VERIFY -> looks.fresh(room, () -> look(room, live));
          case EVENTS -> goesOn = step(room);
          case NOTHING -> goesOn = false;
        }
      }
      done = true;
    } catch (LogUnavailableException later) {
      LOG.log(Level.DEBUG, "a room waits for the log", later);
    } finally {
      if (!done) {
        room.position().giveUp();
      }
    }
  }

  /** Reads one page; false: its events are on their way to many readers, the work goes on later. */
  private boolean step(Room room) {
    Sequence.ReadContext context = room.position().readContext();
    LogPage page = live.after(room.name(), context.seq(), PAGE);
    boolean gone =
        page.events().isEmpty()
            ? page.head().seq() > context.seq()
            : page.events().getFirst().seq() > context.seq() + 1;
    List<Runnable> tellings = new ArrayList<>();
    for (LogPage slice : slices(room, page)) {
      tellings.add(() -> room.read(slice, context));
    }
    if (gone) {
      tellings.add(() -> room.skipped(page, context));
    }
    return fanOut.tellAll(room, tellings, good -> goOn(room, good));
  }

  private void goOn(Room room, boolean good) {
    if (good) {
      start(room);
    } else {
      room.position().giveUp();
    }
  }
}
