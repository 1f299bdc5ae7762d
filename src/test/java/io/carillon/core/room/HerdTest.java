package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.kit.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An instance has died, and everybody comes back here at once. */
class HerdTest extends RoomsFixture {
  private static final int ROOMS = 100;
  private static final int READERS = 10_000;
  private static final int EVENTS = 40;

  /** As many as may join and wait: 256, and eight times 256. Whoever is beyond is refused. */
  private static final int AT_ONCE = 256 * 9;

  private static RoomName room(int number) {
    return new RoomName("herd:" + number);
  }

  /**
   * Everybody joins, as many at once as are let in, after the event that {@code behind} says. On a
   * busy machine the joins are slower than those who come, so the test does not rely on its speed.
   */
  private List<RecordingSink> herd(int behind) throws InterruptedException {
    Semaphore atOnce = new Semaphore(AT_ONCE);
    List<RecordingSink> sinks = new ArrayList<>();
    CountDownLatch joined = new CountDownLatch(READERS);
    for (int i = 0; i < READERS; i++) {
      RoomName room = room(i % ROOMS);
      String after = log.head(room).epoch() + '.' + (EVENTS - behind);
      RecordingSink sink = new RecordingSink();
      sinks.add(sink);
      assertTrue(atOnce.tryAcquire(60, TimeUnit.SECONDS));
      here.threads.execute(
          () -> {
            here.commands.execute(here.open(sink), Instance.join(room, after));
            atOnce.release();
            joined.countDown();
          });
    }
    assertTrue(joined.await(60, TimeUnit.SECONDS));
    return sinks;
  }

  private void fill() {
    for (int i = 0; i < ROOMS; i++) {
      here.publish(room(i), EVENTS);
    }
  }

  private static void assertAllRecovered(List<RecordingSink> sinks) {
    for (RecordingSink sink : sinks) {
      sink.await(g -> !g.isEmpty());
      assertEquals(List.of(), sink.got(Reply.Refused.class));
      assertEquals(1, sink.got(Reply.JoinedRoom.class).size());
    }
  }

  @Test
  void whoIsAtTheHeadCostsNothingButTheFirstLook() throws InterruptedException {
    fill();
    int before = log.reads();
    assertAllRecovered(herd(0));
    int reads = log.reads() - before;
    assertTrue(reads <= 3 * ROOMS, reads + " reads");
  }

  @Test
  void whoIsALittleBehindIsServedFromWhatTheFirstOneRead() throws InterruptedException {
    fill();
    // The first one of each room reads a page, and the ring is filled from it.
    for (int i = 0; i < ROOMS; i++) {
      RecordingSink first = joining(Instance.join(room(i), log.head(room(i)).epoch() + ".1"));
      awaitSeqs(first, 2, EVENTS);
    }
    int before = log.reads();
    List<RecordingSink> sinks = herd(10);
    assertAllRecovered(sinks);
    assertEquals(0, log.reads() - before);
    for (RecordingSink sink : sinks) {
      awaitSeqs(sink, EVENTS - 9, EVENTS);
    }
  }

  @Test
  void aForkIsReadOnceAndAFailureIsNotRemembered() {
    Forks forks = new Forks();
    AtomicInteger reads = new AtomicInteger();
    assertThrows(
        IllegalStateException.class,
        () ->
            forks.of(
                room(0),
                "a",
                "b",
                () -> {
                  throw new IllegalStateException("away");
                }));
    for (int i = 0; i < 100; i++) {
      assertEquals(
          OptionalLong.of(7),
          forks.of(
              room(0),
              "a",
              "b",
              () -> {
                reads.incrementAndGet();
                return OptionalLong.of(7);
              }));
    }
    assertEquals(1, reads.get());
    assertEquals(OptionalLong.empty(), forks.of(room(0), "a", "c", OptionalLong::empty));
  }

  @Test
  void someJoinSomeWaitAndTheRestIsToldToComeBack() throws InterruptedException {
    JoinLimiter limiter = new JoinLimiter(1, 8);
    limiter.enter();
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waiting.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    limiter.enter();
                    limiter.leave();
                  }));
    }
    while (!limiter.crowded()) {
      Thread.onSpinWait();
    }
    RefusedException refused = assertThrows(RefusedException.class, limiter::enter);
    assertEquals(ErrorCode.OVERLOADED, refused.rejection().code());
    assertTrue(refused.rejection().retryAfter().toMillis() >= 1000);
    limiter.leave();
    for (Thread thread : waiting) {
      thread.join();
    }
    limiter.enter();
  }

  @Test
  void whoJoinsAgainAsAMemberWasNeverAway() throws InterruptedException {
    List<Integer> before = new ArrayList<>();
    here.members.beforeTrack = () -> before.add(here.members.tracked.size());
    Connection connection = here.open(new RecordingSink());
    Command.Join join =
        new Command.Join("1", room(0), null, 0, new PresenceMode.FollowAndTrack("{}"), true);
    here.commands.execute(connection, join);
    here.commands.execute(connection, join);
    assertEquals(List.of(0, 1), before);
    here.commands.execute(connection, Instance.join(room(0), null));
    here.members.awaitNobody();
    here.commands.execute(connection, join);
    log.unavailable(true);
    here.commands.execute(
        connection,
        new Command.Join(
            "2", new RoomName("other"), null, 0, new PresenceMode.FollowAndTrack("{}"), true));
    assertEquals(1, here.members.tracked.size(), "the room that was not joined has no member");
  }
}
