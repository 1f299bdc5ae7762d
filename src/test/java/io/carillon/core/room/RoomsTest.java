package io.carillon.core.room;

import static io.carillon.core.room.Instance.join;
import static io.carillon.core.room.Instance.last;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Reply;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.kit.MemoryLog;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How readers come and go. */
class RoomsTest extends RoomsFixture {
  private static final PresenceMode TRACK = new PresenceMode.FollowAndTrack("{}");

  @Test
  void aLiveJoinBeginsAfterTheHead() {
    here.publish(ROOM, 3);
    RecordingSink sink = joining(join(ROOM, null));
    assertEquals("e1.3", joined(sink).cursor().toString());
    assertFalse(joined(sink).recovered());
    here.publish(ROOM, 2);
    awaitSeqs(sink, 4, 5);
  }

  @Test
  void aResumeGoesOnAfterItsCursor() {
    here.publish(ROOM, 1000);
    RecordingSink sink = joining(join(ROOM, "e1.7"));
    assertTrue(joined(sink).recovered());
    assertEquals("e1.7", joined(sink).cursor().toString());
    awaitSeqs(sink, 8, 1000);
    here.publish(ROOM, 1);
    awaitSeqs(sink, 8, 1001);
  }

  @Test
  void zeroZeroMeansFromTheFirstOne() {
    here.publish(ROOM, 5);
    awaitSeqs(joining(join(ROOM, "0.0")), 1, 5);
    awaitSeqs(joining(join(ROOM, "e1.0")), 1, 5);
  }

  @Test
  void anEmptyRoomHandsOutZeroZeroAndTakesWhateverEpochComes() {
    RecordingSink sink = joining(join(ROOM, null));
    assertEquals("0.0", joined(sink).cursor().toString());
    here.publish(ROOM, 2);
    awaitSeqs(sink, 1, 2);
    awaitSeqs(joining(join(ROOM, "0.0")), 1, 2);
  }

  @Test
  void lastBeginsThatManyBeforeTheHead() {
    here.publish(ROOM, 10);
    awaitSeqs(joining(last(ROOM, 3)), 8, 10);
    awaitSeqs(joining(last(ROOM, 30)), 1, 10);
    log.raiseFloor(ROOM, 6);
    here.rooms.maintenance().poll(); // what is in memory is served until the new floor is known
    RecordingSink sink = joining(last(ROOM, 30));
    awaitSeqs(sink, 7, 10);
    assertEquals(List.of(), sink.got(Delivery.ResyncDelivery.class));
  }

  @Test
  void whatCannotBeContinuedIsSaidFirstAndLiveEventsFollow() {
    here.publish(ROOM, 9);
    log.rewind(ROOM, 6);
    log.raiseFloor(ROOM, 2);
    RecordingSink epoch = joining(join(ROOM, "e1.7"));
    Resync resync = assertResync(epoch, Resync.Reason.EPOCH, "e2.6");
    assertFalse(joined(epoch).recovered());
    assertEquals(resync, joined(epoch).resync());
    assertResync(joining(join(ROOM, "e2.7")), Resync.Reason.AHEAD, "e2.6");
    RecordingSink expired = joining(join(ROOM, "0.0"));
    assertEquals("e2.2", assertResync(expired, Resync.Reason.EXPIRED, "e2.6").floor().toString());
    assertResync(joining(join(ROOM, "never.1")), Resync.Reason.EPOCH, "e2.6");
    RecordingSink fine = joining(join(ROOM, "e1.6"));
    assertTrue(joined(fine).recovered());
    here.publish(ROOM, 1);
    awaitSeqs(epoch, 7, 7);
    awaitSeqs(expired, 7, 7);
    awaitSeqs(fine, 7, 7);
  }

  @Test
  void anInstanceThatLagsDoesNotSayAhead() {
    try (Instance there = new Instance(log.at())) {
      RecordingSink live = joining(join(ROOM, null));
      there.publish(ROOM, 20);
      RecordingSink sink = joining(join(ROOM, "e1.15"));
      assertTrue(joined(sink).recovered());
      awaitSeqs(sink, 16, 20);
      awaitSeqs(live, 1, 20);
    }
  }

  @Test
  void joiningAgainReplacesTheEarlierJoin() {
    here.publish(ROOM, 3);
    RecordingSink sink = new RecordingSink();
    Connection connection = here.open(sink);
    here.commands.execute(connection, join(ROOM, null));
    here.commands.execute(connection, join(ROOM, "0.0"));
    awaitSeqs(sink, 1, 3);
    assertEquals(1, here.rooms.statistics().occupied());
    here.publish(ROOM, 2);
    awaitSeqs(sink, 1, 5);
  }

  @Test
  void whoHasLeftGetsNothing() {
    RecordingSink sink = new RecordingSink();
    Connection connection = here.open(sink);
    here.commands.execute(connection, join(ROOM, null));
    here.publish(ROOM, 1);
    awaitSeqs(sink, 1, 1);
    here.commands.execute(connection, new Command.Leave("2", ROOM));
    here.publish(ROOM, 1);
    here.commands.execute(connection, new Command.Ping("3"));
    sink.await(g -> g.getLast() instanceof Reply.PingAnswered);
    assertEquals(1, sink.got(Delivery.EventDelivery.class).size());
    assertEquals(0, here.rooms.statistics().occupied());
  }

  @Test
  void theEndOfAConnectionCleansUpEverything() throws InterruptedException {
    Connection connection = here.open(new RecordingSink());
    here.commands.execute(connection, new Command.Join("1", ROOM, null, 0, TRACK, true));
    here.commands.execute(connection, join(new RoomName("other"), null));
    assertEquals(2, here.rooms.statistics().occupied());
    assertEquals(1, here.members.tracked.size());
    connection.gone();
    assertEquals(0, here.rooms.statistics().occupied());
    assertEquals(0, here.connections.count());
    here.members.awaitNobody();
  }

  @Test
  void aConnectionThatEndsWhileItsRoomIsReadLeavesNothingBehind() throws Exception {
    MemoryLog.HeldReads hold = log.holdReads();
    Connection connection = here.open(new RecordingSink());
    CompletableFuture<Void> joining =
        CompletableFuture.runAsync(
            () -> here.commands.execute(connection, join(ROOM, null)), here.threads);
    awaitHeld(hold, 1);
    connection.gone();
    hold.release();
    joining.get();
    assertEquals(0, here.rooms.statistics().occupied());
    assertEquals(0, here.rooms.statistics().reading());
  }

  @Test
  void aConnectionThatEndsWhileItIsTrackedLeavesNothingBehind() throws InterruptedException {
    Connection connection = here.open(new RecordingSink());
    here.members.beforeTrack = connection::gone;
    here.commands.execute(connection, new Command.Join("1", ROOM, null, 0, TRACK, true));
    assertEquals(0, here.rooms.statistics().occupied());
    here.members.awaitNobody();
    Connection again = here.open(new RecordingSink());
    here.commands.execute(again, join(ROOM, null));
    here.members.beforeTrack = again::gone;
    here.commands.execute(again, new Command.Track("2", ROOM, "{}"));
    here.members.awaitNobody();
  }

  @Test
  void aJoinWhosePresenceFailsIsRefusedAsAWhole() {
    here.members.unavailable = true;
    RecordingSink sink = joining(new Command.Join("1", ROOM, null, 0, TRACK, true));
    Reply.Refused refused = (Reply.Refused) sink.got().getFirst();
    assertEquals(ErrorCode.STORAGE, refused.rejection().code());
    assertEquals(0, here.rooms.statistics().occupied());
    assertEquals(1, sink.count());
  }

  @Test
  void aStreamJoinsAllOrNone() {
    RecordingSink sink = new RecordingSink();
    Connection connection = here.open(sink);
    List<Command.Join> six =
        LongStream.range(0, 6).mapToObj(i -> join(new RoomName("r" + i), null)).toList();
    RefusedException refused =
        assertThrows(RefusedException.class, () -> here.rooms.stream(connection, six));
    assertEquals(ErrorCode.LIMIT, refused.rejection().code());
    assertEquals(0, here.rooms.statistics().occupied());
    here.publish(new RoomName("r0"), 2);
    here.rooms.stream(connection, List.of(join(six.getFirst().room(), "0.0"), six.get(1)));
    awaitSeqs(sink, 1, 2);
    assertTrue(sink.got().getFirst() instanceof Delivery.StreamJoined);
  }

  @Test
  void anUnreadRoomIsForgottenAndComesBack() {
    RecordingSink sink = joining(join(ROOM, null));
    here.publish(ROOM, 1);
    awaitSeqs(sink, 1, 1);
    here.time.pass(Duration.ofMinutes(1));
    here.rooms.maintenance().poll();
    assertEquals(1, here.rooms.statistics().open(), "a room that is read was forgotten");
    here.connections.all().forEach(Connection::gone);
    here.rooms.maintenance().poll();
    assertEquals(1, here.rooms.statistics().open(), "a room was forgotten at once");
    here.time.pass(Duration.ofSeconds(31));
    here.rooms.maintenance().poll();
    assertEquals(0, here.rooms.statistics().open());
    here.rooms.events().rang(ROOM, "e1", 9);
    assertEquals(0, here.rooms.statistics().open(), "a doorbell made a room");
    awaitSeqs(joining(join(ROOM, "0.0")), 1, 1);
  }

  @Test
  void whoMayNoLongerReadIsSentAwayAndGetsNothingOfWhatWaits() {
    RecordingSink sink = new RecordingSink();
    Connection connection = here.open(sink);
    here.commands.execute(connection, join(ROOM, null));
    sink.await(g -> g.size() == 1);
    here.rooms.maintenance().review();
    assertFalse(connection.closing());
    sink.stall();
    here.publish(ROOM, 1);
    sink.await(g -> g.size() == 2);
    here.publish(ROOM, 5);
    here.mayRead = false;
    here.rooms.maintenance().review();
    sink.flow();
    sink.awaitClosed();
    assertEquals(CloseCode.MOVED, sink.closed());
    assertEquals(1, sink.got(Delivery.EventDelivery.class).size());
    assertTrue(sink.got().getLast() instanceof Delivery.Goodbye);
  }

  @Test
  void whoMayNotReadDoesNotJoin() {
    here.mayRead = false;
    RecordingSink sink = joining(join(ROOM, null));
    Reply.Refused refused = (Reply.Refused) sink.got().getFirst();
    assertEquals(ErrorCode.FORBIDDEN, refused.rejection().code());
    assertEquals(0, here.rooms.statistics().open(), "a forbidden room was made");
  }
}
