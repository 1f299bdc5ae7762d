package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Liveness;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.spi.Probe;
import io.carillon.kit.HandExecutor;
import io.carillon.kit.ManualTime;
import io.carillon.kit.PlainFrames;
import io.carillon.kit.RecordingSink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One room step by step, where real threads would hardly ever hit the moment. */
class RoomTest {
  private static final RoomName NAME = new RoomName("r");

  private final ManualTime time = new ManualTime();
  private final HandExecutor hand = new HandExecutor();
  private final RecordingSink sink = new RecordingSink();
  private final List<Subscription> lagging = new ArrayList<>();
  private final Room room =
      new Room(
          NAME,
          new Recent(100, 100_000, new RecentBytes(1_000_000)),
          new Subscribers(NAME, Probe.NONE, () -> false),
          0,
          lagging::add);
  private final Connections connections =
      new Connections(
          new ConnectionLimits(10, 1000, 400),
          () -> "c",
          time::nanos,
          time,
          new SplittableRandom(7),
          RevocationFreshness.always(),
          Probe.NONE);
  private final Connection connection =
      connections.open(Instance.user("alice"), new PlainFrames(), sink, hand, Liveness.NONE);
  private final Subscription reader = new Subscription(connection, room, true, true);

  private static Event event(String epoch, long seq) {
    return new Event(NAME, epoch, seq, "i", "n", "0", null, "u", Instant.EPOCH, null);
  }

  private void rewind(Head head, OptionalLong fork) {
    room.verified(head, fork, room.position().readContext());
  }

  @Test
  void aPositionJudgedBeforeARewindingIsNotEntered() {
    long generation = room.position().load(new Head("a", 9, 0)).generation();
    rewind(new Head("b", 6, 0), OptionalLong.of(5));
    assertNull(room.enter(reader, 9, generation));
    assertEquals(0, room.readers());
    assertNotNull(room.enter(reader, 5, room.position().snapshot().generation()));
  }

  @Test
  void aRetiredRoomTakesNobody() {
    room.position().load(Head.EMPTY);
    assertTrue(room.retire(100, 10));
    assertNull(room.enter(reader, -1, -1));
  }

  @Test
  void aRoomWithAReaderIsNotRetired() {
    room.position().load(Head.EMPTY);
    room.enter(reader, -1, -1);
    assertEquals(false, room.retire(100, 10));
    room.exit(reader, 100);
    assertEquals(false, room.retire(105, 10));
    assertTrue(room.retire(111, 10));
  }

  @Test
  void aResyncThatFindsNoRoomIsSaidBeforeAnythingElse() {
    room.position().load(new Head("a", 9, 0));
    room.enter(reader, -1, -1);
    room.begin(reader);
    assertEquals(List.of(), lagging);
    sink.stall();
    connection.answer(PlainFrames.of(new Reply.Done("1")));
    hand.runAll();
    while (connection.waiting() <= 1900) {
      connection.answer(PlainFrames.of(new Reply.Done("1")));
    }
    rewind(new Head("b", 6, 0), OptionalLong.of(5));
    assertEquals(List.of(reader), lagging);
    assertTrue(room.replay().next(reader) instanceof Step.Full);
    room.committed(List.of(event("b", 7)));
    sink.flow();
    hand.runAll();
    while (room.replay().next(reader) instanceof Step.Again) {
      hand.runAll();
    }
    hand.runAll();
    List<Object> got = sink.got();
    Delivery.ResyncDelivery resync = (Delivery.ResyncDelivery) got.get(got.size() - 2);
    assertEquals("b.6", resync.resync().head().toString());
    assertEquals(7, ((Delivery.EventDelivery) got.getLast()).event().seq());
  }

  @Test
  void aLiveReaderGetsTheNextEventOrFallsBehind() {
    room.position().load(new Head("a", 9, 0));
    room.enter(reader, -1, -1);
    room.begin(reader);
    reader.seq = 8;
    room.committed(List.of(event("a", 10)));
    assertEquals(List.of(reader), lagging);
    assertEquals(new Step.Read(8), room.replay().next(reader));
  }
}
