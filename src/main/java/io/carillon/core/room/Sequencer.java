package io.carillon.core.room;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.LogPage;
import io.carillon.core.spi.LogUnavailableException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moves rooms on: whoever hears that a room has more, this reads what is missing, one read in
 * flight per room, and looks at the head afresh whenever an epoch is in doubt. If the log cannot be
 * reached the room stays where it is until the next poll.
 */
final class Sequencer {
  private static final int PAGE = 500;

  private final EventLog log;
  private final Executor executor;
  private final ConcurrentHashMap<RoomName, ReentrantLock> loading = new ConcurrentHashMap<>();

  /**
   * Makes a sequencer.
   *
   * @param executor runs reads; they block, so give virtual threads
   */
  Sequencer(EventLog log, Executor executor) {
    this.log = log;
    this.executor = executor;
  }

  /** Reads the head of a room that is not loaded; callers at the same time share one read. */
  void load(Room room) {
    if (room.loaded()) {
      return;
    }
    ReentrantLock lock = loading.computeIfAbsent(room.name(), n -> new ReentrantLock());
    lock.lock();
    try {
      if (!room.loaded()) {
        room.load(head(room.name()));
      }
    } finally {
      lock.unlock();
      loading.remove(room.name(), lock);
    }
  }

  private Head head(RoomName room) {
    return log.heads(List.of(room)).getOrDefault(room, Head.EMPTY);
  }

  void heard(Room room, String epoch, long seq) {
    if (room.heard(epoch, seq)) {
      executor.execute(() -> work(room));
    }
  }

  void committed(Room room, List<Event> events) {
    if (room.committed(events)) {
      executor.execute(() -> work(room));
    }
  }

  /** Compares all these rooms with the log, in one query. */
  void compare(Collection<Room> rooms) {
    List<RoomName> names = rooms.stream().filter(Room::loaded).map(Room::name).toList();
    if (names.isEmpty()) {
      return;
    }
    Map<RoomName, Sequence.Asked> asked = new HashMap<>();
    rooms.forEach(r -> asked.put(r.name(), r.asked()));
    Map<RoomName, Head> heads = log.heads(names);
    for (Room room : rooms) {
      Head head = heads.get(room.name());
      if (head != null && !head.equals(room.position())) {
        room.read(new LogPage(head, List.of()), asked.getOrDefault(room.name(), room.asked()));
        heard(room, head.epoch(), head.seq());
      }
    }
  }

  /** Looks at the head now, moves the room towards it and answers it. */
  Head refresh(Room room) {
    Head fresh = verify(room);
    heard(room, fresh.epoch(), fresh.seq());
    return fresh;
  }

  private Head verify(Room room) {
    Sequence.Asked asked = room.asked();
    Head fresh = head(room.name());
    String epoch = room.position().epoch();
    OptionalLong fork =
        epoch.equals(fresh.epoch()) ? OptionalLong.empty() : log.fork(room.name(), epoch);
    room.verified(fresh, fork, asked);
    return fresh;
  }

  private void work(Room room) {
    try {
      for (Sequence.Need need = room.need(); need != Sequence.Need.NOTHING; need = room.need()) {
        switch (need) {
          case VERIFY -> verify(room);
          case EVENTS -> step(room);
          case NOTHING -> {}
        }
      }
    } catch (LogUnavailableException later) {
      room.giveUp();
    }
  }

  private void step(Room room) {
    Sequence.Asked asked = room.asked();
    LogPage page = log.after(room.name(), asked.seq(), PAGE);
    boolean gone =
        page.events().isEmpty()
            ? page.head().seq() > asked.seq()
            : page.events().getFirst().seq() > asked.seq() + 1;
    if (gone) {
      room.skipped(asked, page.head());
    } else {
      room.read(page, asked);
    }
  }
}
