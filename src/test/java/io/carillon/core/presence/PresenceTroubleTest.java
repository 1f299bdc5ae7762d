package io.carillon.core.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Delivery.MembersDelivery;
import io.carillon.core.Member;
import io.carillon.core.MembersBy;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.PresenceAct;
import io.carillon.kit.TroubledPresence;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Presence over a store that answers late or not as it should. */
@Timeout(60)
class PresenceTroubleTest {
  private static final RoomName ROOM = new RoomName("chat:lobby");
  private static final RoomName OTHER = new RoomName("chat:other");

  private final PresenceWorld world = new PresenceWorld();
  private final TroubledPresence store = new TroubledPresence(world.memory.at("a"));
  private final PresenceWorld.Instance a = world.instance("a", store.view());
  private final PresenceWorld.Instance b = world.instance("b");

  @AfterEach
  void stop() {
    world.close();
  }

  private static List<String> firstList(PresenceWorld.Client client) {
    MembersDelivery list = (MembersDelivery) client.sink().await(g -> !g.isEmpty()).getFirst();
    return list.members().stream().map(Member::user).toList();
  }

  private PresenceWorld.Client tracked(PresenceWorld.Instance at, String user) {
    PresenceWorld.Client client = at.open(user);
    at.presence.track(client.connection(), ROOM, "{}");
    at.presence.members(ROOM, 1, null);
    return client;
  }

  @Test
  void aDifferenceIsAppliedOnlyToTheListThatItWasReadFor() throws InterruptedException {
    tracked(b, "u1");
    tracked(b, "u2");
    PresenceWorld.Client first = a.open("first");
    a.presence.follow(first.connection(), ROOM, MembersBy.USER);
    assertEquals(List.of("u1", "u2"), firstList(first));
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    store.afterReading(
        since -> {
          reading.countDown();
          await(answer);
        });
    tracked(b, "u3");
    reading.await();
    a.presence.unfollow(first.connection(), ROOM);
    PresenceWorld.Client second = a.open("second");
    a.presence.follow(second.connection(), ROOM, MembersBy.USER);
    answer.countDown();
    assertEquals(List.of("u1", "u2", "u3"), firstList(second));
    assertEquals(3, a.presence.count(ROOM));
  }

  @Test
  void aSurpriseWhileReadingEndsNothing() {
    PresenceWorld.Client watcher = a.open("watcher");
    AtomicBoolean once = new AtomicBoolean();
    store.afterReading(
        since -> {
          if (once.compareAndSet(false, true)) {
            throw new IllegalStateException("a surprise");
          }
        });
    a.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    tracked(b, "u1");
    watcher.sink().await(got -> !got.isEmpty());
    assertTrue(once.get());
  }

  /** A class that cannot be read is no exception of ours, and ends no task either. */
  @Test
  void anErrorWhileWritingEndsNothing() {
    AtomicBoolean once = new AtomicBoolean();
    store.beforeWriting(
        acts -> {
          if (once.compareAndSet(false, true)) {
            throw new NoClassDefFoundError("io/carillon/Some");
          }
        });
    tracked(a, "u1");
    assertTrue(once.get());
    assertEquals(List.of("u1"), world.memory.users(ROOM));
  }

  @Test
  void anActThatAlwaysSurprisesIsLeftOutInTheEnd() {
    AtomicInteger surprises = new AtomicInteger();
    store.beforeWriting(
        acts -> {
          if (acts.stream().anyMatch(PresenceTroubleTest::isPoison)) {
            surprises.incrementAndGet();
            throw new IllegalStateException("a surprise");
          }
        });
    PresenceWorld.Client poison = a.open("poison");
    a.presence.track(poison.connection(), OTHER, "{}");
    tracked(a, "u1");
    assertEquals(List.of("u1"), world.memory.users(ROOM));
    assertEquals(List.of(), world.memory.users(OTHER));
    assertTrue(surprises.get() > 1, "it was tried again");
  }

  @Test
  void howLongNothingCouldBeWrittenIsToldUntilSomethingWas() {
    AtomicBoolean away = new AtomicBoolean(true);
    CountDownLatch failed = new CountDownLatch(2);
    store.beforeWriting(
        acts -> {
          if (away.get()) {
            failed.countDown();
            throw new LogUnavailableException("away", null);
          }
        });
    assertEquals(0, a.presence.troubledSeconds());
    PresenceWorld.Client client = a.open("u1");
    a.presence.track(client.connection(), ROOM, "{}");
    // With the second failure the first one has been taken down.
    await(failed);
    world.time.pass(Duration.ofSeconds(90));
    double troubled = a.presence.troubledSeconds();
    assertTrue(troubled >= 90, () -> "told " + troubled);
    away.set(false);
    while (a.presence.troubledSeconds() > 0) {
      Thread.onSpinWait(); // the class's own limit ends this
    }
    assertEquals(List.of("u1"), world.memory.users(ROOM));
  }

  private static boolean isPoison(PresenceAct act) {
    return act.toString().contains("poison");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
