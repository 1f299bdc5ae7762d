package io.carillon.core.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Delivery.MembersDelivery;
import io.carillon.core.Delivery.PresenceDelivery;
import io.carillon.core.Lessee;
import io.carillon.core.Member;
import io.carillon.core.MembersBy;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Presence of several instances over a store in memory, with real threads and a clock by hand. */
@Timeout(60)
class PresenceTest {
  private static final RoomName ROOM = new RoomName("chat:lobby");
  private static final RoomName SMALL = new RoomName("small:room");

  private final PresenceWorld world = new PresenceWorld();
  private final PresenceWorld.Instance a = world.instance("a");
  private final PresenceWorld.Instance b = world.instance("b");

  @AfterEach
  void stop() {
    world.close();
  }

  /** The members as a client puts them together; fails on a diff that does not fit. */
  private static List<String> view(List<Object> got) {
    TreeMap<String, Member> members = new TreeMap<>();
    boolean listed = false;
    for (Object one : got) {
      if (one instanceof MembersDelivery list) {
        listed = true;
        members.clear();
        list.members().forEach(m -> members.put(m.user(), m));
        assertEquals(list.count(), members.size());
      } else if (one instanceof PresenceDelivery diff) {
        assertTrue(listed, "the list comes first");
        diff.joined().forEach(m -> assertNull(members.put(m.user(), m), "joined twice"));
        diff.updated().forEach(m -> assertTrue(members.put(m.user(), m) != null));
        diff.left().forEach(u -> assertTrue(members.remove(u) != null, "left twice"));
        assertEquals(diff.count(), members.size());
      }
    }
    return listed ? List.copyOf(members.keySet()) : List.of("not listed");
  }

  private static void awaitView(RecordingSink sink, String... users) {
    sink.await(got -> view(got).equals(List.of(users)));
  }

  @Test
  void everybodySeesEverybodyOnAllInstances() {
    PresenceWorld.Client alice = a.open("alice");
    PresenceWorld.Client bob = b.open("bob");
    PresenceWorld.Client watcher = b.open("watcher");
    b.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    a.presence.track(alice.connection(), ROOM, "{\"s\":1}");
    a.presence.follow(alice.connection(), ROOM, MembersBy.USER);
    b.presence.track(bob.connection(), ROOM, "{}");
    b.presence.follow(bob.connection(), ROOM, MembersBy.USER);
    awaitView(alice.sink(), "alice", "bob");
    awaitView(bob.sink(), "alice", "bob");
    awaitView(watcher.sink(), "alice", "bob");
    assertEquals(2, a.presence.count(ROOM));
    a.presence.untrack(alice.connection(), ROOM);
    awaitView(alice.sink(), "bob");
    awaitView(watcher.sink(), "bob");
  }

  @Test
  void whoTracksAndFollowsIsInItsFirstList() {
    for (int i = 0; i < 20; i++) {
      PresenceWorld.Client client = a.open("u" + i);
      a.presence.track(client.connection(), ROOM, "{}");
      a.presence.follow(client.connection(), ROOM, MembersBy.USER);
      List<Object> got = client.sink().await(g -> !g.isEmpty());
      MembersDelivery list = (MembersDelivery) got.getFirst();
      String me = "u" + i;
      assertTrue(list.members().stream().anyMatch(m -> m.user().equals(me)));
    }
  }

  @Test
  void aFlapWithinTheGraceIsNotSeen() {
    PresenceWorld.Client watcher = a.open("watcher");
    a.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    PresenceWorld.Client alice = a.open("alice");
    a.presence.track(alice.connection(), ROOM, "{}");
    awaitView(watcher.sink(), "alice");
    int before = watcher.sink().count();
    a.presence.closed(alice.connection());
    world.time.pass(Duration.ofSeconds(4));
    world.sweep();
    PresenceWorld.Client again = b.open("alice");
    b.presence.track(again.connection(), ROOM, "{}");
    b.presence.members(ROOM, 1, null);
    world.time.pass(Duration.ofSeconds(4));
    world.sweep();
    PresenceWorld.Client bob = b.open("bob");
    b.presence.track(bob.connection(), ROOM, "{}");
    awaitView(watcher.sink(), "alice", "bob");
    List<Object> since = watcher.sink().got();
    for (Object one : since.subList(before, since.size())) {
      PresenceDelivery diff = (PresenceDelivery) one;
      assertEquals(List.of(), diff.left());
      assertFalse(diff.joined().stream().anyMatch(m -> m.user().equals("alice")));
    }
  }

  @Test
  void whoDoesNotComeBackLeavesAfterTheGrace() {
    PresenceWorld.Client watcher = b.open("watcher");
    b.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    PresenceWorld.Client alice = a.open("alice");
    a.presence.track(alice.connection(), ROOM, "{}");
    awaitView(watcher.sink(), "alice");
    a.presence.closed(alice.connection());
    a.presence.members(ROOM, 1, null);
    world.time.pass(Duration.ofSeconds(6));
    world.sweep();
    awaitView(watcher.sink());
  }

  @Test
  void whatAKilledInstanceLeavesBehindIsSweptAndTold() {
    PresenceWorld.Client watcher = b.open("watcher");
    b.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    a.presence.track(a.open("alice").connection(), ROOM, "{}");
    b.presence.track(watcher.connection(), ROOM, "{}");
    awaitView(watcher.sink(), "alice", "watcher");
    a.die();
    world.memory.expire("a");
    b.presence.sweep();
    awaitView(watcher.sink(), "watcher");
  }

  @Test
  void aFrozenInstanceBringsItsMembersBack() {
    PresenceWorld.Client watcher = b.open("watcher");
    b.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    PresenceWorld.Client alice = a.open("alice");
    PresenceWorld.Client eve = a.open("eve");
    a.presence.track(alice.connection(), ROOM, "{}");
    a.presence.track(eve.connection(), ROOM, "{}");
    awaitView(watcher.sink(), "alice", "eve");
    world.memory.expire("a");
    b.presence.sweep();
    awaitView(watcher.sink());
    a.presence.closed(eve.connection());
    a.presence.reassert();
    world.memory.at("a");
    awaitView(watcher.sink(), "alice");
  }

  @Test
  void lostDoorbellsAreMadeUpForByThePoll() {
    PresenceWorld.Client watcher = b.open("watcher");
    b.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    awaitView(watcher.sink());
    world.deaf(true);
    a.presence.track(a.open("alice").connection(), ROOM, "{}");
    a.presence.members(ROOM, 1, null);
    assertEquals(List.of(), view(watcher.sink().got()));
    b.presence.poll();
    awaitView(watcher.sink(), "alice");
  }

  @Test
  void whatHappensWhileTheStoreIsAwayIsWrittenLater() {
    PresenceWorld.Client watcher = b.open("watcher");
    b.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    PresenceWorld.Client alice = a.open("alice");
    PresenceWorld.Client carol = a.open("carol");
    a.presence.track(alice.connection(), ROOM, "{}");
    awaitView(watcher.sink(), "alice");
    world.memory.away(true);
    a.presence.untrack(alice.connection(), ROOM);
    a.presence.track(carol.connection(), ROOM, "{}");
    assertThrows(
        LogUnavailableException.class, () -> a.presence.lease(Lessee.of("bob"), ROOM, "{}"));
    world.memory.away(false);
    awaitView(watcher.sink(), "bob", "carol");
  }

  @Test
  void leasesComeGoAndAreRenewed() {
    PresenceWorld.Client watcher = b.open("watcher");
    b.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    a.presence.lease(Lessee.of("alice"), ROOM, "{}");
    a.presence.lease(Lessee.of("bob"), ROOM, "{}");
    assertEquals(2, b.presence.members(ROOM, 10, null).count());
    awaitView(watcher.sink(), "alice", "bob");
    world.time.pass(Duration.ofSeconds(20));
    b.presence.renewLeases(Lessee.of("alice"), List.of(ROOM, SMALL));
    b.presence.members(ROOM, 10, null);
    world.time.pass(Duration.ofSeconds(20));
    world.sweep();
    awaitView(watcher.sink(), "alice");
    b.presence.unlease(Lessee.of("alice"), ROOM);
    assertEquals(0, a.presence.members(ROOM, 10, null).count());
    awaitView(watcher.sink());
    assertEquals(0, a.presence.count(SMALL));
  }

  private static Lessee tab(long call) {
    return new Lessee("alice", "tab", call);
  }

  /** Passes time on all instances as their clocks do: a second, then what is done each second. */
  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      world.time.pass(Duration.ofSeconds(1));
      a.presence.sweep();
      b.presence.sweep();
      a.presence.members(ROOM, 1, null);
      b.presence.members(ROOM, 1, null);
    }
  }

  @Test
  void anOpenStreamKeepsItsClientsLeaseAndItsEndLeavesAfterTheGrace() {
    PresenceWorld.Client stream = a.open("alice");
    a.presence.holdLeases(stream.connection(), tab(1), List.of(ROOM, SMALL));
    b.presence.lease(tab(2), ROOM, "{}");
    pass(100);
    assertEquals(List.of("alice"), world.memory.users(ROOM), "on whatever instance it was made");
    assertEquals(List.of(), world.memory.users(SMALL));
    stream.connection().gone();
    a.presence.closed(stream.connection());
    pass(4);
    assertEquals(List.of("alice"), world.memory.users(ROOM));
    pass(2);
    assertEquals(List.of(), world.memory.users(ROOM));
  }

  @Test
  void aStreamThatWasReplacedElsewhereEndsNothing() {
    PresenceWorld.Client before = a.open("alice");
    a.presence.holdLeases(before.connection(), tab(1), List.of(ROOM));
    a.presence.lease(tab(2), ROOM, "{}");
    PresenceWorld.Client after = b.open("alice");
    b.presence.holdLeases(after.connection(), tab(3), List.of(ROOM));
    pass(12);
    // The end of the old one is found out late.
    a.presence.closed(before.connection());
    pass(60);
    assertEquals(List.of("alice"), world.memory.users(ROOM));
    b.presence.closed(after.connection());
    pass(6);
    assertEquals(List.of(), world.memory.users(ROOM));
  }

  @Test
  void aStreamThatIsOverBeforeItHoldsAnythingHoldsNothing() {
    PresenceWorld.Client stream = a.open("alice");
    a.presence.lease(tab(1), ROOM, "{}");
    stream.connection().gone();
    a.presence.closed(stream.connection());
    a.presence.holdLeases(stream.connection(), tab(2), List.of(ROOM));
    pass(6);
    assertEquals(List.of(), world.memory.users(ROOM));
  }

  @Test
  void assertingEverythingTwiceTellsNobodyAnything() {
    PresenceWorld.Client watcher = b.open("watcher");
    b.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    PresenceWorld.Client old = a.open("alice");
    PresenceWorld.Client fresh = a.open("alice");
    a.presence.track(old.connection(), ROOM, "{\"n\":1}");
    a.presence.track(fresh.connection(), ROOM, "{\"n\":2}");
    a.presence.awaitWritten();
    awaitView(watcher.sink(), "alice");
    PresenceWorld.Client last = b.open("bob");
    int before = watcher.sink().count();
    for (int i = 0; i < 3; i++) {
      a.presence.missed();
      a.presence.lease(Lessee.of("somebody"), SMALL, "{}");
    }
    b.presence.track(last.connection(), ROOM, "{}");
    awaitView(watcher.sink(), "alice", "bob");
    assertEquals(before + 1, watcher.sink().count());
    assertEquals("{\"n\":2}", a.presence.members(ROOM, 1, null).members().getFirst().state());
  }

  @Test
  void aboveTheLimitOnlyTheCountIsTold() {
    PresenceWorld.Client early = a.open("early");
    a.presence.follow(early.connection(), SMALL, MembersBy.USER);
    List<PresenceWorld.Client> members = new ArrayList<>();
    for (int i = 0; i < PresenceWorld.SMALL_LIMIT; i++) {
      members.add(a.open("u" + i));
      a.presence.track(members.getLast().connection(), SMALL, "{}");
    }
    awaitView(early.sink(), "u0", "u1", "u2", "u3");
    a.presence.track(early.connection(), SMALL, "{}");
    early
        .sink()
        .await(
            got ->
                got.getLast() instanceof PresenceDelivery d
                    && d.count() == 5
                    && d.joined().isEmpty());
    PresenceWorld.Client late = b.open("late");
    b.presence.follow(late.connection(), SMALL, MembersBy.USER);
    MembersDelivery counted = (MembersDelivery) late.sink().await(got -> !got.isEmpty()).getFirst();
    assertEquals(5, counted.count());
    assertNull(counted.members());
    a.presence.untrack(early.connection(), SMALL);
    late.sink()
        .await(
            got ->
                got.getLast() instanceof MembersDelivery m
                    && m.members() != null
                    && m.count() == 4);
  }

  @Test
  void whoDoesNotReadGetsTheWholeListLater() {
    PresenceWorld.Client slow = a.open("slow");
    slow.sink().stall();
    a.presence.follow(slow.connection(), ROOM, MembersBy.USER);
    PresenceWorld.Client quick = a.open("quick");
    a.presence.follow(quick.connection(), ROOM, MembersBy.USER);
    List<String> expected = new ArrayList<>();
    for (int i = 10; i < 40; i++) {
      a.presence.track(a.open("u" + i).connection(), ROOM, "{}");
      expected.add("u" + i);
      awaitView(quick.sink(), expected.toArray(String[]::new));
    }
    assertTrue(slow.connection().waiting() <= PresenceWorld.OUTBOX_BYTES);
    assertTrue(slow.sink().count() < 30);
    slow.sink().flow();
    slow.sink().await(got -> view(got).equals(expected));
    assertTrue(slow.sink().got(MembersDelivery.class).size() >= 2, "a list made up for it");
  }

  @Test
  void leavingEndsMembershipAndFrames() {
    PresenceWorld.Client alice = a.open("alice");
    a.presence.track(alice.connection(), ROOM, "{}");
    a.presence.follow(alice.connection(), ROOM, MembersBy.USER);
    awaitView(alice.sink(), "alice");
    a.presence.left(alice.connection(), ROOM);
    int before = alice.sink().count();
    PresenceWorld.Client bob = a.open("bob");
    a.presence.track(bob.connection(), ROOM, "{}");
    a.presence.follow(bob.connection(), ROOM, MembersBy.USER);
    awaitView(bob.sink(), "bob");
    assertEquals(before, alice.sink().count());
  }

  @Test
  void trackingOnAConnectionThatIsGoneLeavesNothingBehind() {
    PresenceWorld.Client alice = a.open("alice");
    alice.connection().gone();
    a.presence.closed(alice.connection());
    a.presence.track(alice.connection(), ROOM, "{}");
    a.presence.follow(alice.connection(), ROOM, MembersBy.USER);
    a.presence.members(ROOM, 1, null);
    world.time.pass(Duration.ofSeconds(6));
    world.sweep();
    assertEquals(List.of(), world.memory.users(ROOM));
  }

  @Test
  void drainedMembersStayUntilTheyHadTimeToComeBack() {
    PresenceWorld.Client watcher = b.open("watcher");
    b.presence.follow(watcher.connection(), ROOM, MembersBy.USER);
    PresenceWorld.Client alice = a.open("alice");
    PresenceWorld.Client eve = a.open("eve");
    a.presence.track(alice.connection(), ROOM, "{}");
    a.presence.track(eve.connection(), ROOM, "{}");
    awaitView(watcher.sink(), "alice", "eve");
    a.presence.drained(Duration.ofSeconds(20));
    a.presence.closed(alice.connection());
    a.presence.closed(eve.connection());
    a.presence.members(ROOM, 1, null);
    a.die();
    world.memory.expire("a");
    world.time.pass(Duration.ofSeconds(15));
    b.presence.sweep();
    b.presence.track(b.open("alice").connection(), ROOM, "{}");
    b.presence.members(ROOM, 1, null);
    assertEquals(List.of("alice", "eve"), world.memory.users(ROOM));
    world.time.pass(Duration.ofSeconds(11));
    b.presence.sweep();
    awaitView(watcher.sink(), "alice");
  }

  @Test
  void aStateThatIsTooLargeIsRefused() {
    PresenceWorld.Client alice = a.open("alice");
    String large = '"' + "ü".repeat(600) + '"';
    assertThrows(RefusedException.class, () -> a.presence.track(alice.connection(), ROOM, large));
    assertThrows(RefusedException.class, () -> a.presence.lease(Lessee.of("bob"), ROOM, large));
  }

  @Test
  void oneActThatCanNeverBeWrittenTakesNoOtherWithIt() {
    PresenceWorld.Client poison = a.open("p\0ison");
    PresenceWorld.Client alice = a.open("alice");
    world.memory.away(true);
    a.presence.track(poison.connection(), ROOM, "{}");
    a.presence.track(alice.connection(), ROOM, "{}");
    world.memory.away(false);
    a.presence.follow(alice.connection(), ROOM, MembersBy.USER);
    awaitView(alice.sink(), "alice");
  }

  /** F21: frames are O(members × ticks), calls of the store are O(ticks). */
  @Test
  void aStormOfJoinsIsAFewFramesEach() {
    int members = 500;
    List<PresenceWorld.Client> clients = new ArrayList<>();
    List<String> users = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      users.add("u" + (1000 + i));
      clients.add((i % 2 == 0 ? a : b).open(users.getLast()));
    }
    long begun = System.nanoTime();
    for (PresenceWorld.Client client : clients) {
      client.at().presence.track(client.connection(), ROOM, "{}");
      client.at().presence.follow(client.connection(), ROOM, MembersBy.USER);
    }
    for (PresenceWorld.Client client : clients) {
      client.sink().await(got -> view(got).size() == members);
    }
    long ticks = (System.nanoTime() - begun) / PresenceWorld.TICK.toNanos() + 3;
    for (PresenceWorld.Client client : clients) {
      assertEquals(users, view(client.sink().got()));
      assertTrue(
          client.sink().count() <= ticks,
          () -> client.sink().count() + " frames in " + ticks + " ticks");
    }
  }
}
