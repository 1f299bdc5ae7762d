package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.Joined;
import io.carillon.core.Reply;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.kit.MemoryLog;
import io.carillon.kit.RecordingSink;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** One instance over a log in memory, with real threads, and what tests of it say often. */
@Timeout(120)
abstract class RoomsFixture {
  static final RoomName ROOM = new RoomName("chat:lobby");

  final MemoryLog log = new MemoryLog();
  final Instance here = new Instance(log.at());

  @AfterEach
  void stop() {
    here.close();
  }

  static void awaitSeqs(RecordingSink sink, long from, long to) {
    List<Object> got =
        sink.await(
            g ->
                g.stream().filter(Delivery.EventDelivery.class::isInstance).count()
                    >= to - from + 1);
    assertEquals(
        LongStream.rangeClosed(from, to).boxed().toList(),
        got.stream()
            .filter(Delivery.EventDelivery.class::isInstance)
            .map(d -> ((Delivery.EventDelivery) d).event().seq())
            .toList());
  }

  static Joined joined(RecordingSink sink) {
    return sink.got(Reply.JoinedRoom.class).getLast().joined();
  }

  /** Joins on a new connection and waits for the answer. */
  RecordingSink joining(Command.Join join) {
    RecordingSink sink = new RecordingSink();
    here.commands.execute(here.open(sink), join);
    sink.await(g -> !g.isEmpty());
    return sink;
  }

  /** The frame right after the answer to the join is this resync. */
  static Resync assertResync(RecordingSink sink, Resync.Reason reason, String head) {
    List<Object> got = sink.await(g -> g.size() >= 2);
    Resync resync = ((Delivery.ResyncDelivery) got.get(1)).resync();
    assertEquals(reason, resync.reason());
    assertEquals(head, resync.head().toString());
    return resync;
  }

  static void awaitHeld(MemoryLog.HeldReads hold, int reads) {
    while (hold.waiting() < reads) {
      Thread.onSpinWait();
    }
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
