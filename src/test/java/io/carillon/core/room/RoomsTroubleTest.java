package io.carillon.core.room;

import static io.carillon.core.room.Instance.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.HistoryQuery;
import io.carillon.core.Reply;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.kit.MemoryLog;
import io.carillon.kit.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What the log and the backplane may do, one thing at a time. */
class RoomsTroubleTest extends RoomsFixture {
  @Test
  void aRewindingDuringAJoinIsSaidRightAfterTheAnswer() {
    here.publish(ROOM, 5);
    RecordingSink other = joining(join(ROOM, null));
    here.members.beforeTrack =
        () -> {
          log.rewind(ROOM, 3);
          here.rooms.maintenance().poll();
          other.await(g -> g.size() == 2);
        };
    PresenceMode track = new PresenceMode.FollowAndTrack("{}");
    RecordingSink sink = joining(new Command.Join("1", ROOM, null, 0, track, true));
    assertEquals("e1.5", joined(sink).cursor().toString());
    assertResync(sink, Resync.Reason.EPOCH, "e2.3");
    here.publish(ROOM, 1);
    awaitSeqs(sink, 4, 4);
    awaitSeqs(other, 4, 4);
  }

  @Test
  void aNewEpochWithoutLossDisturbsNobody() {
    here.publish(ROOM, 5);
    RecordingSink live = joining(join(ROOM, null));
    log.rewind(ROOM, 5);
    here.rooms.maintenance().poll();
    here.publish(ROOM, 2);
    awaitSeqs(live, 6, 7);
    RecordingSink resumed = joining(join(ROOM, "e1.4"));
    awaitSeqs(resumed, 5, 7);
    assertEquals(List.of(), live.got(Delivery.ResyncDelivery.class));
    assertEquals(List.of(), resumed.got(Delivery.ResyncDelivery.class));
  }

  @Test
  void aPageOfADeadEpochReachesNobody() throws Exception {
    try (Instance there = new Instance(log.at())) {
      there.publish(ROOM, 100);
      RecordingSink live = joining(join(ROOM, null));
      RecordingSink sink = new RecordingSink();
      MemoryLog.HeldReads[] hold = new MemoryLog.HeldReads[1];
      here.rooms.join(here.open(sink), join(ROOM, "e1.90"), joined -> hold[0] = log.holdReads());
      awaitHeld(hold[0], 1);
      log.holdNoMore();
      log.rewind(ROOM, 95);
      there.publish(ROOM, 10);
      here.rooms.maintenance().poll();
      live.await(g -> g.size() == 2);
      hold[0].release();
      awaitSeqs(sink, 91, 105);
      assertEquals(List.of(), sink.got(Delivery.ResyncDelivery.class));
      for (Delivery.EventDelivery d : sink.got(Delivery.EventDelivery.class)) {
        assertEquals(log.idAt(ROOM, d.event().seq()), d.event().id());
      }
    }
  }

  @Test
  void readersAtOnePlaceShareOneRead() throws Exception {
    try (Instance there = new Instance(log.at())) {
      there.publish(ROOM, 200);
    }
    joining(join(ROOM, null));
    int readers = 20;
    CountDownLatch entered = new CountDownLatch(readers);
    CountDownLatch go = new CountDownLatch(1);
    List<RecordingSink> sinks = new ArrayList<>();
    List<CompletableFuture<Void>> joins = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      RecordingSink sink = new RecordingSink();
      sinks.add(sink);
      Connection connection = here.open(sink);
      joins.add(
          CompletableFuture.runAsync(
              () ->
                  here.rooms.join(
                      connection,
                      join(ROOM, "0.0"),
                      joined -> {
                        entered.countDown();
                        await(go);
                      }),
              here.threads));
    }
    entered.await();
    int before = log.reads();
    MemoryLog.HeldReads hold = log.holdReads();
    go.countDown();
    joins.forEach(CompletableFuture::join);
    CompletableFuture<RecordingSink> fence =
        CompletableFuture.supplyAsync(() -> joining(join(ROOM, "e1.100")), here.threads);
    awaitHeld(hold, 2);
    log.holdNoMore();
    hold.release();
    fence.get();
    sinks.forEach(sink -> awaitSeqs(sink, 1, 200));
    assertTrue(log.reads() - before < readers, "reads " + (log.reads() - before));
  }

  @Test
  void whatIsHeardWhileARoomIsLoadedIsNotForgotten() throws Exception {
    MemoryLog.HeldReads hold = log.holdReads();
    RecordingSink sink = new RecordingSink();
    CompletableFuture<Void> joining =
        CompletableFuture.runAsync(
            () -> here.commands.execute(here.open(sink), join(ROOM, "0.0")), here.threads);
    awaitHeld(hold, 1);
    here.publish(ROOM, 1);
    log.holdNoMore();
    hold.release();
    joining.get();
    awaitSeqs(sink, 1, 1);
  }

  @Test
  void aPollThatSawTheLogLongAgoIsNotTakenForARewoundLog() throws Exception {
    RecordingSink sink = joining(join(ROOM, null));
    here.publish(ROOM, 1);
    MemoryLog.HeldReads hold = log.holdReads();
    CompletableFuture<Void> poll =
        CompletableFuture.runAsync(here.rooms.maintenance()::poll, here.threads);
    awaitHeld(hold, 1);
    log.holdNoMore();
    here.publish(ROOM, 5);
    hold.release();
    poll.get();
    here.publish(ROOM, 1);
    awaitSeqs(sink, 1, 7);
    assertEquals(List.of(), sink.got(Delivery.ResyncDelivery.class));
  }

  @Test
  void forgedDoorbellsCostABoundedReadAndNothingElse() {
    RecordingSink sink = joining(join(ROOM, null));
    here.rooms.events().rang(ROOM, "forged", 1L << 62);
    here.publish(ROOM, 3);
    awaitSeqs(sink, 1, 3);
    int before = log.reads();
    here.rooms.events().rang(ROOM, "e1", 1L << 62);
    here.rooms.events().rang(ROOM, "forged", 1L << 62);
    here.rooms.events().rang(ROOM, "e1", Long.MIN_VALUE);
    here.publish(ROOM, 3);
    awaitSeqs(sink, 1, 6);
    here.rooms.maintenance().poll();
    assertTrue(log.reads() - before < 12, "reads " + (log.reads() - before));
    assertEquals(List.of(), sink.got(Delivery.ResyncDelivery.class));
  }

  @Test
  void aLogThatLostItsEndWithoutANewEpochIsNoticedByThePoll() {
    here.publish(ROOM, 5);
    RecordingSink sink = joining(join(ROOM, null));
    log.loseSilently(ROOM, 3);
    here.rooms.maintenance().poll();
    assertResync(sink, Resync.Reason.AHEAD, "e1.3");
    here.publish(ROOM, 1);
    awaitSeqs(sink, 4, 4);
  }

  @Test
  void aLogThatForgotTheRoomIsNoticedByThePoll() {
    here.publish(ROOM, 5);
    RecordingSink sink = joining(join(ROOM, null));
    log.forget(ROOM);
    here.rooms.maintenance().poll();
    assertResync(sink, Resync.Reason.EPOCH, "0.0");
    here.publish(ROOM, 1);
    awaitSeqs(sink, 1, 1);
  }

  @Test
  void whatARetentionRemovesUnderALaggingInstanceIsSaid() {
    try (Instance there = new Instance(log.at())) {
      RecordingSink sink = joining(join(ROOM, null));
      there.publish(ROOM, 20);
      log.raiseFloor(ROOM, 15);
      here.rooms.maintenance().poll();
      assertResync(sink, Resync.Reason.EXPIRED, "e1.20");
      here.publish(ROOM, 1);
      awaitSeqs(sink, 21, 21);
    }
  }

  @Test
  void aLogThatCannotBeReachedIsSaid() {
    joining(join(ROOM, null));
    log.unavailable(true);
    RecordingSink sink = new RecordingSink();
    Connection other = here.open(sink);
    EventName name = new EventName("n");
    here.commands.execute(other, join(new RoomName("cold"), null));
    here.commands.execute(other, join(ROOM, "e1.3"));
    here.commands.execute(
        other, new Command.History("1", new HistoryQuery(ROOM, null, null, 0, 10)));
    here.commands.execute(other, new Command.Publish("1", ROOM, name, "0", null, null));
    for (Object answer : sink.await(g -> g.size() == 4)) {
      assertEquals(ErrorCode.STORAGE, ((Reply.Refused) answer).rejection().code());
    }
    assertThrows(LogUnavailableException.class, here.rooms.maintenance()::poll);
    assertEquals(1, here.rooms.statistics().occupied());
  }

  @Test
  void aReaderWaitsForALogThatCannotBeReachedAndGoesOn() {
    try (Instance there = new Instance(log.at())) {
      RecordingSink live = joining(join(ROOM, null));
      there.publish(ROOM, 600);
      RecordingSink sink = new RecordingSink();
      here.rooms.join(here.open(sink), join(ROOM, "0.0"), joined -> log.unavailable(true));
      here.rooms.events().rang(ROOM, "e1", 600);
      log.unavailable(false);
      here.rooms.maintenance().poll();
      awaitSeqs(sink, 1, 600);
      here.publish(ROOM, 1);
      awaitSeqs(sink, 1, 601);
      awaitSeqs(live, 1, 601);
    }
  }
}
