package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogPage;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What was read before the position changed its generation says nothing any more. */
class SequenceTest {
  private final Sequence sequence = new Sequence();

  private static Event event(String epoch, long seq) {
    return new Event(new RoomName("r"), epoch, seq, "i", "n", "0", null, "u", Instant.EPOCH, null);
  }

  @Test
  void aPageFromBeforeTheRoomWasForgottenIsNotTheBeginningOfTheNewOne() {
    sequence.reset(new Head("a", 2, 0));
    Sequence.ReadContext before = sequence.readContext();
    sequence.verified(Head.EMPTY, OptionalLong.empty(), before);
    assertEquals(Head.EMPTY, sequence.position());
    LogPage stale = new LogPage(new Head("a", 2, 0), List.of(event("a", 1), event("a", 2)));
    assertEquals(List.of(), sequence.read(stale, before));
    assertFalse(sequence.skipped(stale, before));
    assertEquals(Head.EMPTY, sequence.position());
  }

  @Test
  void aLookThatWasOvertakenRewindsNothing() {
    sequence.reset(new Head("a", 5, 0));
    Sequence.ReadContext before = sequence.readContext();
    long generation = sequence.generation();
    sequence.verified(new Head("b", 9, 0), OptionalLong.of(3), sequence.readContext());
    assertNotEquals(generation, sequence.generation());
    assertEquals(
        Sequence.Verified.STALE,
        sequence.verified(new Head("a", 5, 0), OptionalLong.empty(), before));
    assertEquals(new Head("b", 9, 0), sequence.position());
    assertEquals(Sequence.Need.VERIFY, sequence.need());
  }

  @Test
  void aSuspicionThatAroseDuringALookIsKept() {
    sequence.reset(new Head("a", 5, 0));
    sequence.heard("b", 6);
    Sequence.ReadContext context = sequence.readContext();
    sequence.heard("c", 7);
    sequence.verified(new Head("a", 5, 0), OptionalLong.empty(), context);
    assertEquals(Sequence.Need.VERIFY, sequence.need());
    sequence.verified(new Head("a", 5, 0), OptionalLong.empty(), sequence.readContext());
    assertEquals(Sequence.Need.NOTHING, sequence.need());
  }

  @Test
  void whatWasHeardDuringASlowReadIsKept() {
    sequence.reset(new Head("a", 5, 0));
    Sequence.ReadContext context = sequence.readContext();
    sequence.heard("a", 6);
    sequence.read(new LogPage(new Head("a", 5, 0), List.of()), context);
    assertEquals(Sequence.Need.EVENTS, sequence.need());
    sequence.read(new LogPage(new Head("a", 5, 0), List.of()), sequence.readContext());
    assertEquals(Sequence.Need.NOTHING, sequence.need());
  }
}
