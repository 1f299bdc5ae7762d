package io.carillon.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Lessee;
import io.carillon.core.Member;
import io.carillon.core.MembersPage;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceEntry;
import io.carillon.core.spi.PresenceStore;
import io.carillon.core.spi.PresenceStore.PresenceChanges;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every presence store must do. Each test has rooms of its own. */
public abstract class PresenceStoreContract {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration NOW = Duration.ZERO;

  protected final String prefix = UUID.randomUUID().toString().substring(0, 8) + ':';
  protected final RoomName room = new RoomName(prefix + "room");

  /** The store as seen by an instance whose lease lasts. */
  protected abstract PresenceStore as(String instance);

  /** Ends the lease of an instance, as time would. */
  protected abstract void expire(String instance);

  protected final String instance(String name) {
    return prefix + name;
  }

  protected final PresenceAct track(String connection, String user, String state) {
    return new PresenceAct.TrackConnection(room, connection, user, state);
  }

  private PresenceAct untrack(String connection, String user) {
    return new PresenceAct.UntrackConnection(room, connection, user);
  }

  private PresenceAct close(String connection, String user, Duration grace) {
    return new PresenceAct.Close(room, connection, user, grace);
  }

  protected static Map<RoomName, Long> done(PresenceStore store, PresenceAct... acts) {
    Map<RoomName, Long> revisions = store.apply(List.of(acts));
    assertNotNull(revisions, "the lease lasts");
    return revisions;
  }

  protected final List<String> users(PresenceStore store) {
    return store.members(room, 1000, null).members().stream().map(Member::user).toList();
  }

  private Member only(PresenceStore store) {
    List<Member> members = store.members(room, 10, null).members();
    assertEquals(1, members.size());
    return members.getFirst();
  }

  @Test
  void aRoomThatNobodyWasInIsEmpty() {
    PresenceStore store = as(instance("a"));
    assertEquals(0, store.count(room));
    assertEquals(new MembersPage(0, List.of(), null), store.members(room, 10, null));
    assertEquals(Map.of(), store.revisions(List.of(room)));
    assertEquals(Map.of(room, PresenceChanges.NOBODY), store.changes(Map.of(room, -1L)));
    assertEquals(Map.of(room, PresenceChanges.NOBODY), store.changes(Map.of(room, 77L)));
    assertEquals(Map.of(), done(store, untrack("c1", "alice"), close("c2", "bob", NOW)));
  }

  @Test
  void connectionsAndDevicesFoldToOneMember() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    done(a, track("c1", "alice", "{\"s\":1}"));
    Instant since = only(a).since();
    done(b, track("c2", "alice", "{\"s\":2}"), track("c3", "bob", "{}"));
    done(a, track("c4", "alice", "{\"s\":3}"));
    done(b, track("c2", "alice", "{\"s\":4}"));
    assertEquals(
        new Member("alice", "{\"s\":4}", 3, since), a.members(room, 1, null).members().getFirst());
    assertEquals(2, a.count(room));
    done(b, untrack("c2", "alice"));
    assertEquals(
        new Member("alice", "{\"s\":3}", 2, since), b.members(room, 1, null).members().getFirst());
    done(a, untrack("c4", "alice"), untrack("c1", "alice"));
    assertEquals(List.of("bob"), users(a));
  }

  @Test
  void revisionsOnlyGrowAndTellExactlyWhatChanged() {
    PresenceStore store = as(instance("a"));
    long first = done(store, track("c1", "alice", "{}"), track("c2", "bob", "{}")).get(room);
    long second = done(store, untrack("c1", "alice"), track("c3", "carol", "{}")).get(room);
    assertTrue(second > first);
    assertEquals(Map.of(room, second), store.revisions(List.of(room, new RoomName(prefix + "x"))));
    PresenceChanges changes = store.changes(Map.of(room, first)).get(room);
    assertFalse(changes.whole());
    assertEquals(second, changes.revision());
    assertEquals(
        List.of("alice-gone", "carol"),
        changes.entries().stream()
            .map(e -> e.user() + (e.gone() ? "-gone" : ""))
            .sorted()
            .toList());
    assertEquals(
        new PresenceChanges(second, false, List.of()),
        store.changes(Map.of(room, second)).get(room));
    PresenceChanges whole = store.changes(Map.of(room, -1L)).get(room);
    assertTrue(whole.whole());
    assertEquals(
        List.of("bob", "carol"),
        whole.entries().stream().map(PresenceEntry::user).sorted().toList());
    assertTrue(
        store.changes(Map.of(room, second + 1)).get(room).whole(), "newer than what is known");
  }

  @Test
  void severalRoomsAreReadAtOnce() {
    PresenceStore store = as(instance("a"));
    RoomName other = new RoomName(prefix + "other");
    RoomName empty = new RoomName(prefix + "empty");
    done(
        store,
        track("c1", "alice", "{}"),
        new PresenceAct.TrackConnection(other, "c1", "alice", "{}"));
    Map<RoomName, PresenceChanges> changes =
        store.changes(Map.of(room, -1L, other, -1L, empty, -1L));
    assertEquals(1, changes.get(room).entries().size());
    assertEquals(1, changes.get(other).entries().size());
    assertEquals(PresenceChanges.NOBODY, changes.get(empty));
  }

  @Test
  void whatIsDoneTwiceIsAsGoodAsOnce() {
    PresenceStore store = as(instance("a"));
    done(store, track("c1", "alice", "{}"), track("c1", "alice", "{}"));
    assertEquals(1, only(store).connections());
    done(store, untrack("c1", "alice"));
    assertEquals(Map.of(), done(store, untrack("c1", "alice")));
    assertEquals(0, store.count(room));
  }

  @Test
  void actsOfOneBatchHappenInOrder() {
    PresenceStore store = as(instance("a"));
    done(store, track("c1", "alice", "{}"), untrack("c1", "alice"), track("c2", "bob", "{}"));
    assertEquals(List.of("bob"), users(store));
    done(store, untrack("c2", "bob"), track("c2", "bob", "{\"back\":true}"));
    assertEquals("{\"back\":true}", only(store).state());
    RoomName other = new RoomName(prefix + "a");
    done(
        store,
        track("c3", "eve", "{}"),
        new PresenceAct.TrackConnection(other, "c3", "eve", "{}"),
        close("c3", "eve", NOW),
        track("c3", "eve", "{\"n\":2}"));
    assertEquals(List.of("bob", "eve"), users(store));
    assertEquals(1, store.count(other));
  }

  @Test
  void aClosedConnectionStaysForItsGraceAndIsThenSwept() {
    PresenceStore store = as(instance("a"));
    done(store, track("c1", "alice", "{}"), track("c2", "alice", "{}"), track("c3", "bob", "{}"));
    long before = done(store, close("c1", "alice", LONG), close("c3", "bob", LONG)).get(room);
    store.sweep();
    assertEquals(2, store.count(room));
    List<Member> members = store.members(room, 10, null).members();
    assertEquals(1, members.get(0).connections());
    assertEquals(1, members.get(1).connections(), "in its grace a member shows one");
    done(store, track("c4", "dave", "{}"), close("c4", "dave", NOW));
    assertTrue(store.sweep().get(room) > before);
    assertEquals(List.of("alice", "bob"), users(store));
  }

  @Test
  void comingBackWithinTheGraceKeepsTheMember() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    done(a, track("c1", "alice", "{}"));
    Member before = only(a);
    done(a, close("c1", "alice", LONG));
    done(b, track("c9", "alice", "{}"));
    assertEquals(before, only(a));
    done(a, new PresenceAct.Close(room, "c1", "alice", NOW));
    b.sweep();
    assertEquals(before, only(a), "also when the old connection's grace is over");
  }

  @Test
  void anExplicitLeaveAlsoEndsWhatIsLeftOfTheUsersClosedConnections() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    done(a, track("c1", "alice", "{}"), track("c7", "bob", "{}"));
    done(a, close("c1", "alice", LONG), close("c7", "bob", LONG));
    done(b, track("c2", "alice", "{}"));
    done(b, untrack("c2", "alice"));
    assertEquals(List.of("bob"), users(a));
  }

  @Test
  void anotherInstancesConnectionIsOutOfReach() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    done(a, track("c1", "alice", "{}"));
    assertEquals(Map.of(), done(b, untrack("c1", "alice"), close("c1", "alice", NOW)));
    b.sweep();
    assertEquals(List.of("alice"), users(b));
  }

  @Test
  void membersOfAnInstanceWhoseLeaseIsOverAreSweptByAnyOther() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    done(a, track("c1", "alice", "{}"), track("c2", "bob", "{}"), track("c3", "carol", "{}"));
    done(b, track("c4", "bob", "{}"));
    done(a, close("c3", "carol", LONG));
    expire(instance("a"));
    assertTrue(b.sweep().containsKey(room));
    assertEquals(List.of("bob", "carol"), users(b), "carol has her grace");
    assertNull(a.apply(List.of(track("c1", "alice", "{}"))), "nothing is added without a lease");
    assertNotNull(a.apply(List.of(untrack("c1", "alice"))), "but ending is always possible");
    assertEquals(List.of("bob", "carol"), users(b));
    PresenceStore again = as(instance("a"));
    done(again, new PresenceAct.Reassert(room, "c1", "alice", "{}"));
    assertEquals(List.of("alice", "bob", "carol"), users(b));
  }

  @Test
  void assertingWhatIsThereChangesNothing() {
    PresenceStore a = as(instance("a"));
    done(a, track("c1", "alice", "{\"old\":1}"), track("c2", "alice", "{\"new\":1}"));
    assertEquals(
        Map.of(),
        done(
            a,
            new PresenceAct.Reassert(room, "c1", "alice", "{\"old\":1}"),
            new PresenceAct.Reassert(room, "c2", "alice", "{\"new\":1}")));
    assertEquals("{\"new\":1}", only(a).state());
  }

  private PresenceAct reassert(String connection, String user, String state) {
    return new PresenceAct.Reassert(room, connection, user, state);
  }

  @Test
  void assertingChangesNoStateWhoeverIsAssertedLast() {
    PresenceStore a = as(instance("a"));
    done(a, track("c1", "alice", "{\"old\":1}"), track("c2", "alice", "{\"new\":1}"));
    Member before = only(a);
    a.drain(LONG);
    done(a, reassert("c2", "alice", "{\"new\":1}"), reassert("c1", "alice", "{\"old\":1}"));
    assertEquals(before, only(a));
    expire(instance("a"));
    PresenceStore b = as(instance("b"));
    b.sweep();
    assertEquals(0, b.count(room));
    a = as(instance("a"));
    done(a, reassert("c2", "alice", "{\"new\":1}"), reassert("c1", "alice", "{\"old\":1}"));
    assertEquals(before, only(a), "also what was swept meanwhile");
  }

  @Test
  void whatIsAssertedAfterALossIsOlderThanWhatOthersSay() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    done(b, track("c9", "alice", "{\"new\":1}"));
    done(a, reassert("c1", "alice", "{\"oldest\":1}"), reassert("c2", "alice", "{\"old\":1}"));
    assertEquals("{\"new\":1}", only(a).state());
    assertEquals(3, only(a).connections());
    done(b, untrack("c9", "alice"));
    assertEquals("{\"old\":1}", only(a).state(), "in the order in which it is asserted");
  }

  @Test
  void whatIsRetainedIsNotTouchedAndStrangersLeave() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    RoomName other = new RoomName(prefix + "other");
    done(
        a, track("c1", "alice", "{}"), new PresenceAct.TrackConnection(other, "c1", "alice", "{}"));
    done(b, track("c1", "eve", "{}"));
    Member alice = a.members(room, 1, null).members().getFirst();
    List<PresenceAct.Reassert> both =
        List.of(
            new PresenceAct.Reassert(room, "c1", "alice", "{}"),
            new PresenceAct.Reassert(other, "c1", "alice", "{}"));
    assertEquals(Map.of(), a.retain(both, NOW));
    long before = done(a, track("c2", "bob", "{}"), track("c3", "carol", "{}")).get(room);
    done(a, close("c3", "carol", LONG));
    Map<RoomName, Long> changed = a.retain(both, NOW);
    assertEquals(Set.of(room), changed.keySet());
    assertTrue(changed.get(room) > before);
    a.sweep();
    assertEquals(List.of("alice", "carol", "eve"), users(a));
    assertEquals(alice, a.members(room, 1, null).members().getFirst());
    assertEquals(Map.of(), a.retain(both, NOW));
    assertEquals(1, a.count(other));
    assertEquals(Set.of(room, other), a.retain(List.of(), NOW).keySet());
  }

  private static Lessee client(String client, long call) {
    return new Lessee("alice", client, call);
  }

  private PresenceAct lease(String client, long call, String state) {
    return new PresenceAct.Lease(room, client(client, call), state, LONG);
  }

  private PresenceAct unlease(String client, long call) {
    return new PresenceAct.Unlease(room, client(client, call));
  }

  @Test
  void aLeaseBelongsToOneClientOfItsUser() {
    PresenceStore store = as(instance("a"));
    done(store, lease("tab1", 1, "{\"n\":1}"), lease("tab2", 1, "{\"n\":2}"));
    assertEquals(2, only(store).connections());
    assertEquals("{\"n\":2}", only(store).state());
    done(store, unlease("tab2", 2));
    assertEquals(1, only(store).connections());
    assertEquals("{\"n\":1}", only(store).state());
    done(store, new PresenceAct.Unlease(room, Lessee.of("alice")));
    assertEquals(1, store.count(room), "the user without a client is one more");
    done(store, unlease("tab1", 2));
    assertEquals(0, store.count(room));
  }

  @Test
  void aCallThatWasOvertakenDoesNothing() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    assertEquals(Map.of(), done(b, unlease("tab", 2)), "the end came first");
    assertEquals(Map.of(), done(a, lease("tab", 1, "{}")));
    assertEquals(0, a.count(room));
    done(a, lease("tab", 4, "{\"n\":4}"));
    done(b, lease("tab", 3, "{\"n\":3}"));
    done(b, unlease("tab", 3));
    assertEquals("{\"n\":4}", only(a).state());
    done(b, unlease("tab", 5));
    done(b, unlease("tab", 5));
    done(a, lease("tab", 4, "{\"n\":4}"));
    assertEquals(0, a.count(room));
    done(a, lease("tab", 5, "{}"), unlease("tab", 6), lease("tab", 7, "{\"n\":7}"));
    assertEquals("{\"n\":7}", only(a).state());
  }

  @Test
  void theLatestStreamOfAClientHoldsItsLease() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    done(a, new PresenceAct.Lease(room, client("tab", 1), "{}", NOW));
    done(a, new PresenceAct.Renew(room, client("tab", 2), LONG));
    done(b, new PresenceAct.Renew(room, client("tab", 3), LONG));
    done(a, new PresenceAct.Renew(room, client("tab", 2), NOW));
    done(a, new PresenceAct.Release(room, client("tab", 2), NOW));
    a.sweep();
    assertEquals(1, a.count(room), "what was replaced ends nothing");
    done(b, new PresenceAct.Release(room, client("tab", 3), NOW));
    a.sweep();
    assertEquals(0, a.count(room));
    assertEquals(Map.of(), done(b, new PresenceAct.Renew(room, client("tab", 3), LONG)));
    assertEquals(0, a.count(room), "a stream alone is no member");
  }

  @Test
  void aNameIsNeverTakenForAClientOfAnother() {
    PresenceStore store = as(instance("a"));
    String tricky = client("tab", 0).key();
    done(store, lease("tab", 1, "{}"));
    done(store, new PresenceAct.Lease(room, Lessee.of(tricky), "{}", LONG));
    assertEquals(2, store.count(room));
    done(store, new PresenceAct.Unlease(room, Lessee.of(tricky)));
    assertEquals(List.of("alice"), users(store));
  }

  @Test
  void aDrainedInstancesMembersStayAlthoughItIsGone() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    done(a, track("c1", "alice", "{}"), track("c2", "bob", "{}"));
    assertTrue(a.drain(LONG).containsKey(room));
    done(a, close("c1", "alice", NOW));
    expire(instance("a"));
    b.sweep();
    assertEquals(List.of("alice", "bob"), users(b), "a close does not shorten it");
    as(instance("a"));
    a.drain(NOW);
    b.sweep();
    assertEquals(List.of(), users(b));
  }

  @Test
  void aLeaseIsAMemberWithoutAConnection() {
    PresenceStore a = as(instance("a"));
    PresenceStore b = as(instance("b"));
    long first = done(a, new PresenceAct.Lease(room, Lessee.of("alice"), "{}", LONG)).get(room);
    assertEquals(1, only(b).connections());
    assertEquals(
        Map.of(),
        done(b, new PresenceAct.Lease(room, Lessee.of("alice"), "{}", LONG)),
        "renewing the same state is nothing new");
    long second =
        done(b, new PresenceAct.Lease(room, Lessee.of("alice"), "{\"x\":1}", LONG)).get(room);
    assertTrue(second > first);
    expire(instance("a"));
    b.sweep();
    assertEquals("{\"x\":1}", only(b).state(), "no instance's end is its end");
    done(b, new PresenceAct.Unlease(room, Lessee.of("alice")));
    assertEquals(0, b.count(room));
  }

  @Test
  void aLeaseEndsByTimeUnlessItIsRenewed() {
    PresenceStore store = as(instance("a"));
    done(store, new PresenceAct.Lease(room, Lessee.of("alice"), "{}", NOW));
    done(store, new PresenceAct.Lease(room, Lessee.of("bob"), "{}", NOW));
    done(
        store,
        new PresenceAct.Renew(room, Lessee.of("alice"), LONG),
        new PresenceAct.Renew(room, Lessee.of("eve"), LONG));
    store.sweep();
    assertEquals(List.of("alice"), users(store));
    assertEquals(
        Map.of(), done(store, new PresenceAct.Renew(room, Lessee.of("bob"), LONG)), "too late");
  }

  @Test
  void pagesAreInOrderOfNamesAndWhole() {
    PresenceStore store = as(instance("a"));
    List<String> names =
        new ArrayList<>(List.of("Zoë", "alice", "älice", "a b/c+d", "𝄞", "bob", "1"));
    for (String name : names) {
      done(store, track("c-" + name, name, "{}"));
    }
    List<String> read = new ArrayList<>();
    String page = null;
    do {
      MembersPage members = store.members(room, 3, page);
      assertEquals(7, members.count());
      members.members().forEach(m -> read.add(m.user()));
      page = members.next();
    } while (page != null);
    assertEquals(List.of("1", "Zoë", "a b/c+d", "alice", "bob", "älice", "𝄞"), read);
    assertThrows(RefusedException.class, () -> store.members(room, 3, "*"));
    assertThrows(RefusedException.class, () -> store.members(room, 3, ""));
  }

  @Test
  void whatCanNeverBeStoredIsRefusedAndNothingOfTheBatchIsDone() {
    PresenceStore store = as(instance("a"));
    assertThrows(
        RefusedException.class,
        () -> store.apply(List.of(track("c1", "alice", "{}"), track("c2", "b\u0000b", "{}"))));
    assertEquals(0, store.count(room));
  }

  @Test
  void batchesOfSeveralInstancesOverTheSameRoomsNeitherLoseNorBlockEachOther() throws Exception {
    int writers = 4;
    int rounds = 16;
    List<RoomName> rooms =
        List.of(new RoomName(prefix + "x"), new RoomName(prefix + "y"), new RoomName(prefix + "z"));
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int me = w;
        PresenceStore store = as(instance("w" + w));
        all.add(
            executor.submit(
                () -> {
                  start.await();
                  for (int i = 0; i < rounds; i++) {
                    List<PresenceAct> acts = new ArrayList<>();
                    for (int r = 0; r < rooms.size(); r++) {
                      RoomName one = rooms.get((r + me) % rooms.size());
                      acts.add(new PresenceAct.TrackConnection(one, "c" + i, me + "-" + i, "{}"));
                      if (i % 2 == 1) {
                        acts.add(new PresenceAct.UntrackConnection(one, "c" + i, me + "-" + i));
                      }
                    }
                    done(store, acts.toArray(PresenceAct[]::new));
                    store.sweep();
                    store.purge();
                  }
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> one : all) {
        one.get();
      }
    }
    for (RoomName one : rooms) {
      assertEquals(writers * rounds / 2, as(instance("w0")).count(one));
    }
  }

  @Test
  void readingByRevisionSkipsNothingWhileOthersWrite() throws Exception {
    PresenceStore reader = as(instance("r"));
    List<PresenceStore> writers = List.of(as(instance("a")), as(instance("b")), as(instance("c")));
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (PresenceStore writer : writers) {
        int me = all.size();
        all.add(
            executor.submit(
                () -> {
                  for (int i = 0; i < 30; i++) {
                    done(writer, track("c" + i, me + "-" + i, "{}"));
                    if (i % 3 == 0) {
                      done(writer, untrack("c" + i, me + "-" + i));
                    }
                  }
                }));
      }
      List<String> seen = new ArrayList<>();
      long revision = -1;
      boolean running = true;
      while (running) {
        running = all.stream().anyMatch(f -> !f.isDone());
        PresenceChanges changes = reader.changes(Map.of(room, revision)).get(room);
        if (changes.whole()) {
          seen.clear();
        }
        for (PresenceEntry entry : changes.entries()) {
          if (entry.gone()) {
            seen.remove(entry.user());
          } else if (!seen.contains(entry.user())) {
            seen.add(entry.user());
          }
        }
        revision = changes.revision() == 0 ? -1 : changes.revision();
      }
      for (Future<?> one : all) {
        one.get();
      }
      assertEquals(users(reader).stream().sorted().toList(), seen.stream().sorted().toList());
      assertEquals(3 * 20, seen.size());
    }
  }
}
