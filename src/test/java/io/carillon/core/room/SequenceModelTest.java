package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.Head;
import io.carillon.core.Publication;
import io.carillon.core.RoomName;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.LogPage;
import io.carillon.kit.MemoryLog;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The sequence against a dense log, with everything that tells it something arriving late, twice,
 * in any order or not at all. A read has three moments (it is begun, it sees the log, it is taken),
 * and anything may happen between them.
 */
class SequenceModelTest {
  private static final RoomName ROOM = new RoomName("model");
  private static final int SEEDS = 600;
  private static final int STEPS = 150;

  /** One run of the model. */
  private static final class Run {
    final SplittableRandom random;
    final boolean forks;
    final boolean loss;
    final boolean floors;
    final MemoryLog log = new MemoryLog();
    final EventLog own = log.at();
    final EventLog other = log.at();
    final Sequence sequence = new Sequence();
    final List<Event> commits = new ArrayList<>();
    final List<Event> doorbells = new ArrayList<>();
    final List<Reading> readings = new ArrayList<>();
    boolean working;
    String last = "";
    int passed;
    int rewound;
    int skipped;
    int ids;

    Run(long seed, boolean forks, boolean loss, boolean floors) {
      this.random = new SplittableRandom(seed);
      this.forks = forks;
      this.loss = loss;
      this.floors = floors;
      own.onCommit((events, answer) -> commits.addAll(events));
      other.onCommit((events, answer) -> doorbells.addAll(events));
      sequence.reset(Head.EMPTY);
    }

    /** A read under way; {@code look} sees the log and answers what is done with what it saw. */
    private static final class Reading {
      final boolean work;
      final Supplier<Runnable> look;
      @Nullable Runnable take;

      Reading(boolean work, Supplier<Runnable> look) {
        this.work = work;
        this.look = look;
      }
    }

    void step() {
      switch (random.nextInt(14)) {
        case 0, 1 -> append(own);
        case 2, 3 -> append(other);
        case 4, 5 -> tellCommits();
        case 6 -> ring();
        case 7 -> forge();
        case 8 -> readings.add(new Reading(false, pollOf()));
        case 9 -> readings.add(new Reading(false, catchUp()));
        case 10 -> changeLog();
        default -> goOn();
      }
    }

    void append(EventLog at) {
      String id = "i" + ++ids;
      var unused =
          at.append(new Publication(ROOM, id, true, new EventName("n"), "0", null, "u", null));
    }

    /** Own commits are told in order, but perhaps some time later and several at a time. */
    void tellCommits() {
      int count = Math.min(commits.size(), 1 + random.nextInt(3));
      List<Event> told = List.copyOf(commits.subList(0, count));
      commits.subList(0, count).clear();
      pass(sequence.committed(told));
    }

    void ring() {
      if (!doorbells.isEmpty()) {
        int at = random.nextInt(doorbells.size());
        Event event = random.nextInt(3) == 0 ? doorbells.get(at) : doorbells.remove(at);
        if (random.nextInt(3) != 0) {
          sequence.heard(event.epoch(), event.seq());
        }
      }
    }

    void forge() {
      String epoch = random.nextBoolean() ? sequence.position().epoch() : "forged";
      sequence.heard(epoch, random.nextBoolean() ? 1L << 62 : random.nextInt(50));
    }

    void changeLog() {
      Head head = log.head(ROOM);
      if (loss && random.nextInt(6) == 0) {
        log.forget(ROOM);
      } else if (forks && random.nextInt(3) == 0) {
        log.rewind(ROOM, head.seq() - (loss ? random.nextLong(1 + Math.min(6, head.seq())) : 0));
      } else if (floors && random.nextInt(3) == 0) {
        log.raiseFloor(ROOM, head.seq() - random.nextLong(1 + Math.min(6, head.seq())));
      }
    }

    void goOn() {
      if (!working && random.nextBoolean()) {
        switch (sequence.need()) {
          case EVENTS -> begin(fetch());
          case VERIFY -> begin(verify());
          case NOTHING -> {}
        }
      } else if (!readings.isEmpty()) {
        move(readings.get(random.nextInt(readings.size())));
      }
    }

    void begin(Supplier<Runnable> look) {
      working = true;
      readings.add(new Reading(true, look));
    }

    void move(Reading reading) {
      if (reading.take == null) {
        reading.take = reading.look.get();
      } else {
        readings.remove(reading);
        working &= !reading.work;
        reading.take.run();
      }
    }

    Supplier<Runnable> fetch() {
      Sequence.ReadContext context = sequence.readContext();
      int limit = 1 + random.nextInt(4);
      return () -> {
        LogPage page = own.after(ROOM, context.seq(), limit);
        return () -> {
          boolean gone =
              page.events().isEmpty()
                  ? page.head().seq() > context.seq()
                  : page.events().getFirst().seq() > context.seq() + 1;
          pass(sequence.read(page, context));
          if (gone && sequence.skipped(page, context)) {
            skipped++;
            last = "?";
          }
        };
      };
    }

    Supplier<Runnable> verify() {
      Sequence.ReadContext context = sequence.readContext();
      return () -> {
        Head fresh = own.heads(List.of(ROOM)).getOrDefault(ROOM, Head.EMPTY);
        return () -> {
          // The second query of a look: it sees the log at another moment than the first.
          OptionalLong fork =
              context.epoch().equals(fresh.epoch())
                  ? OptionalLong.empty()
                  : own.fork(ROOM, context.epoch());
          if (sequence.verified(fresh, fork, context) == Sequence.Verified.REWOUND) {
            rewound++;
            last = "?";
          }
        };
      };
    }

    Supplier<Runnable> pollOf() {
      Sequence.ReadContext context = sequence.readContext();
      return () -> {
        Head head = own.heads(List.of(ROOM)).getOrDefault(ROOM, Head.EMPTY);
        return () -> pass(sequence.read(new LogPage(head, List.of()), context));
      };
    }

    Supplier<Runnable> catchUp() {
      Sequence.ReadContext context = sequence.readContext();
      long after = random.nextLong(1 + context.seq());
      return () -> {
        LogPage page = own.after(ROOM, after, 3);
        return () -> pass(sequence.read(page, context));
      };
    }

    void pass(List<Event> events) {
      for (Event event : events) {
        if (!last.equals("?")) {
          assertEquals(last, log.parent(event.id()), "not the child of the one before");
        }
        last = event.id();
        passed++;
      }
      if (!events.isEmpty()) {
        assertEquals(events.getLast().seq(), sequence.position().seq());
      }
    }

    /** No more mischief: a poll and what it asks for must bring the position to the head. */
    void settle() {
      while (!readings.isEmpty()) {
        move(readings.getFirst());
      }
      tellAll();
      for (int i = 0; i < 1000; i++) {
        if (sequence.position().equals(log.head(ROOM))
            && sequence.need() == Sequence.Need.NOTHING) {
          return;
        }
        now(pollOf());
        switch (sequence.need()) {
          case EVENTS -> now(fetch());
          case VERIFY -> now(verify());
          case NOTHING -> {}
        }
      }
      throw new AssertionError("stuck at " + sequence.position() + " before " + log.head(ROOM));
    }

    void tellAll() {
      while (!commits.isEmpty()) {
        tellCommits();
      }
    }

    static void now(Supplier<Runnable> read) {
      read.get().run();
    }
  }

  private static int run(boolean forks, boolean loss, boolean floors, int seeds) {
    int rewound = 0;
    int passed = 0;
    for (long seed = 1; seed <= seeds; seed++) {
      Run run = new Run(seed, forks, loss, floors);
      try {
        for (int i = 0; i < STEPS; i++) {
          run.step();
        }
        run.settle();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
      passed += run.passed;
      rewound += run.rewound + run.skipped;
      if (!loss && !floors) {
        assertEquals(0, run.rewound, "seed " + seed + ": nothing was lost, yet it was rewound");
        assertEquals(log(run), run.passed, "seed " + seed + ": not each event exactly once");
      }
    }
    assertTrue(passed > seeds, "the model hardly moved");
    return rewound;
  }

  private static long log(Run run) {
    return run.log.head(ROOM).seq();
  }

  @Test
  void lostDoubledShuffledAndForgedDoorbells() {
    assertEquals(0, run(false, false, false, SEEDS));
  }

  @Test
  void aNewEpochWithoutLossDisturbsNobody() {
    assertEquals(0, run(true, false, false, SEEDS));
  }

  @Test
  void aNewEpochWithLoss() {
    assertNotEquals(0, run(true, true, false, SEEDS));
  }

  @Test
  void aNewEpochWithLossWhileTheOldestAreRemoved() {
    assertNotEquals(0, run(true, true, true, SEEDS));
  }
}
