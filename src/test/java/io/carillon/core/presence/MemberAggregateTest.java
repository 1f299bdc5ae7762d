package io.carillon.core.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Lessee;
import io.carillon.core.Member;
import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceEntry;
import io.carillon.core.spi.PresenceStore;
import io.carillon.core.spi.PresenceStore.PresenceChanges;
import io.carillon.kit.ManualTime;
import io.carillon.kit.MemoryPresence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberAggregateTest {
  private static final Instant EARLY = Instant.parse("2026-11-21T22:00:00Z");
  private static final RoomName ROOM = new RoomName("r");

  private final MemberAggregate aggregate = new MemberAggregate();

  private static PresenceEntry entry(String connection, String user, long tracked) {
    return new PresenceEntry(
        "i", connection, user, "{\"n\":" + tracked + "}", EARLY, tracked, false, false);
  }

  private static PresenceEntry gone(PresenceEntry e) {
    return new PresenceEntry(
        e.instance(), e.connection(), e.user(), e.state(), e.since(), e.tracked(), false, true);
  }

  private static PresenceEntry leaving(PresenceEntry e) {
    return new PresenceEntry(
        e.instance(), e.connection(), e.user(), e.state(), e.since(), e.tracked(), true, false);
  }

  private MemberAggregate.Diff apply(PresenceEntry... entries) {
    return aggregate.apply(new PresenceChanges(1, false, List.of(entries)));
  }

  private static Member member(String user, long tracked, int connections) {
    return new Member(user, "{\"n\":" + tracked + "}", connections, EARLY);
  }

  @Test
  void theLatestTrackGivesTheState() {
    MemberAggregate.Diff diff = apply(entry("c1", "alice", 2), entry("c2", "alice", 1));
    assertEquals(List.of(member("alice", 2, 2)), diff.joined());
    assertEquals(List.of(member("alice", 3, 2)), apply(entry("c2", "alice", 3)).updated());
    assertEquals(List.of(member("alice", 2, 1)), apply(gone(entry("c2", "alice", 3))).updated());
    assertEquals(List.of("alice"), apply(gone(entry("c1", "alice", 2))).left());
    assertEquals(0, aggregate.count());
  }

  @Test
  void aSingleConnectionInItsGraceChangesNothing() {
    apply(entry("c1", "alice", 1));
    assertTrue(apply(leaving(entry("c1", "alice", 1))).isEmpty());
    assertTrue(apply(entry("c2", "alice", 1), gone(entry("c1", "alice", 1))).isEmpty());
  }

  @Test
  void joinedAndLeftBetweenTwoReadingsIsNothing() {
    assertTrue(apply(gone(entry("c1", "alice", 1))).isEmpty());
  }

  @Test
  void aWholeReadingEndsWhoIsNotInIt() {
    apply(entry("c1", "alice", 1), entry("c2", "bob", 2));
    MemberAggregate.Diff diff =
        aggregate.apply(
            new PresenceChanges(5, true, List.of(entry("c2", "bob", 2), entry("c3", "carol", 3))));
    assertEquals(List.of("alice"), diff.left());
    assertEquals(List.of(member("carol", 3, 1)), diff.joined());
    assertEquals(List.of(), diff.updated());
  }

  /** Whatever happens, the diffs add up to what the store says. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void diffsAddUpToTheTruth(long seed) {
    Random random = new Random(seed);
    ManualTime time = new ManualTime();
    MemoryPresence memory = new MemoryPresence(time);
    List<PresenceStore> stores = List.of(memory.at("a"), memory.at("b"), memory.at("c"));
    TreeMap<String, Member> told = new TreeMap<>();
    long revision = -1;
    for (int i = 0; i < 3_000; i++) {
      PresenceStore store = stores.get(random.nextInt(3));
      String connection = "c" + random.nextInt(4);
      String user = "u" + (connection.charAt(1) - '0' + random.nextInt(2)) % 3;
      PresenceAct act =
          switch (random.nextInt(7)) {
            case 0, 1 ->
                new PresenceAct.TrackConnection(ROOM, connection, user, "{\"i\":" + i + "}");
            case 2 -> new PresenceAct.UntrackConnection(ROOM, connection, user);
            case 3 -> new PresenceAct.Close(ROOM, connection, user, Duration.ofSeconds(5));
            case 4 -> new PresenceAct.Lease(ROOM, Lessee.of(user), "{}", Duration.ofSeconds(9));
            case 5 -> new PresenceAct.Renew(ROOM, Lessee.of(user), Duration.ofSeconds(9));
            default -> new PresenceAct.Unlease(ROOM, Lessee.of(user));
          };
      store.apply(List.of(act));
      if (random.nextInt(5) == 0) {
        time.pass(Duration.ofSeconds(random.nextInt(8)));
        store.sweep();
      }
      if (random.nextInt(3) == 0) {
        long from = random.nextInt(10) == 0 ? -1 : revision;
        PresenceChanges changes = store.changes(Map.of(ROOM, from)).get(ROOM);
        revision = changes.revision();
        MemberAggregate.Diff diff = aggregate.apply(changes);
        diff.joined().forEach(m -> assertEquals(null, told.put(m.user(), m)));
        diff.updated().forEach(m -> assertTrue(told.put(m.user(), m) != null));
        diff.left().forEach(u -> assertTrue(told.remove(u) != null));
        List<Member> truth = store.members(ROOM, 100, null).members();
        assertEquals(truth, List.copyOf(told.values()));
        assertEquals(truth, aggregate.list());
      }
    }
  }
}
