package io.carillon.core.limit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.RoomName;
import io.carillon.core.spi.Probe;
import io.carillon.kit.ManualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Limits refuse one and not the neighbour, tell when to come back, and mean it. */
class LimitsTest {
  private final ManualTime time = new ManualTime();
  private final List<String> told = new ArrayList<>();
  private final Probe probe =
      (Probe)
          Proxy.newProxyInstance(
              Probe.class.getClassLoader(),
              new Class<?>[] {Probe.class},
              (proxy, called, arguments) -> told.add((String) arguments[0]));

  private Limits limits(Map<Limit, Rate> rates, Map<Limit, Integer> counts, String... exempt) {
    LimitSettings settings = new LimitSettings(rates, counts, Set.of(exempt));
    return new Limits(settings, time::nanos, time, new SplittableRandom(1), probe);
  }

  private static Identity identity(String user) {
    return new Identity(user, Grants.NONE, null, null);
  }

  private static Visitor visitor(String user, String address) {
    return new Visitor(identity(user), "", address);
  }

  private static Rejection refused(Runnable work) {
    return assertThrows(RefusedException.class, work::run).rejection();
  }

  @Test
  void aBurstPassesThenTheRateAndTheRefusalSaysWhen() {
    Limits limits = limits(Map.of(Limit.HISTORY_USER, new Rate(10, 3)), Map.of());
    Visitor alice = visitor("alice", "192.0.2.1");
    for (int i = 0; i < 3; i++) {
      limits.take(Limit.HISTORY_USER, alice, 1);
    }
    Rejection refusal = refused(() -> limits.take(Limit.HISTORY_USER, alice, 1));
    assertEquals(ErrorCode.RATE, refusal.code());
    Duration after = known(refusal.retryAfter());
    assertTrue(after.toMillis() > 95 && after.toMillis() <= 101, after::toString);
    limits.take(Limit.HISTORY_USER, visitor("bob", "192.0.2.1"), 1);
    limits.take(Limit.MEMBERS_USER, alice, 1);
    time.pass(after);
    limits.take(Limit.HISTORY_USER, alice, 1);
    refused(() -> limits.take(Limit.HISTORY_USER, alice, 1));
    assertEquals(List.of("history.user", "history.user"), told);
  }

  private static Duration known(@Nullable Duration given) {
    return Objects.requireNonNull(given);
  }

  @Test
  void whatCostsMoreThanABurstPassesWhenNothingWasTakenAndIsPaidOff() {
    Limits limits = limits(Map.of(Limit.BYTES_USER, new Rate(100, 200)), Map.of());
    Visitor alice = visitor("alice", "");
    limits.take(Limit.BYTES_USER, alice, 500);
    time.pass(Duration.ofSeconds(3));
    refused(() -> limits.take(Limit.BYTES_USER, alice, 1));
    time.pass(Duration.ofMillis(20));
    limits.take(Limit.BYTES_USER, alice, 1);
  }

  @Test
  void aUserIsLimitedFromAllAddressesAndAnAddressForAllUsers() {
    Limits limits =
        limits(
            Map.of(
                Limit.CONNECTS_USER, new Rate(1, 2),
                Limit.CONNECTS_ADDRESS, new Rate(1, 3)),
            Map.of());
    limits.connect(visitor("alice", "192.0.2.1"));
    limits.connect(visitor("alice", "192.0.2.2"));
    refused(() -> limits.connect(visitor("alice", "192.0.2.3")));
    limits.connect(visitor("bob", "192.0.2.1"));
    limits.connect(new Visitor(null, "", "192.0.2.1"));
    Rejection crowded = refused(() -> limits.connect(visitor("carol", "192.0.2.1")));
    assertTrue(known(crowded.retryAfter()).toMillis() <= 5001);
    assertEquals(List.of("connects.user", "connects.address"), told);
    List<LimitHits.Hit> hits = limits.hits().of(null, 10);
    assertEquals("carol", hits.getFirst().user());
    assertEquals("192.0.2.1", hits.getFirst().address());
  }

  @Test
  void theInstanceIsForAll() {
    Limits limits = limits(Map.of(Limit.CONNECTS_INSTANCE, new Rate(1, 2)), Map.of());
    limits.connect(visitor("a", "192.0.2.1"));
    limits.connect(visitor("b", "192.0.2.2"));
    assertEquals(ErrorCode.RATE, refused(() -> limits.connect(visitor("c", "192.0.2.3"))).code());
  }

  @Test
  void addressesOfOneNetworkOfVersionSixAreOne() {
    Limits limits = limits(Map.of(Limit.REQUESTS_ADDRESS, new Rate(1, 1)), Map.of());
    limits.take(Limit.REQUESTS_ADDRESS, new Visitor(null, "", "2001:db8:1:2::1"), 1);
    refused(
        () ->
            limits.take(Limit.REQUESTS_ADDRESS, new Visitor(null, "", "2001:db8:1:2:aaaa::7"), 1));
    limits.take(Limit.REQUESTS_ADDRESS, new Visitor(null, "", "2001:db8:1:3::1"), 1);
    limits.take(Limit.REQUESTS_ADDRESS, new Visitor(null, "", ""), 5);
    limits.take(Limit.REQUESTS_ADDRESS, new Visitor(null, "", ""), 5);
  }

  @Test
  void whoIsNobodyInParticularIsLimitedByConnection() {
    Limits limits = limits(Map.of(Limit.SIGNALS_USER, new Rate(1, 1)), Map.of());
    for (Identity who : List.of(Identity.NOBODY, Identity.GUEST, identity("pusher:app"))) {
      String one = "one of " + who.user();
      limits.take(Limit.SIGNALS_USER, new Visitor(who, one, ""), 1);
      refused(() -> limits.take(Limit.SIGNALS_USER, new Visitor(who, one, ""), 1));
      limits.take(Limit.SIGNALS_USER, new Visitor(who, "another of " + who.user(), ""), 1);
    }
    limits.take(Limit.SIGNALS_USER, new Visitor(identity("pusher:app:ann"), "c1", ""), 1);
    Visitor elsewhere = new Visitor(identity("pusher:app:ann"), "c2", "");
    refused(() -> limits.take(Limit.SIGNALS_USER, elsewhere, 1));
  }

  @Test
  void servicesThatAreExemptAreLimitedByTheirAddressAlone() {
    Limits limits =
        limits(
            Map.of(Limit.PUBLISHES_USER, new Rate(1, 1), Limit.REQUESTS_ADDRESS, new Rate(1, 2)),
            Map.of(Limit.CONNECTIONS_USER, 1),
            "billing");
    Visitor billing = visitor("billing", "192.0.2.1");
    for (int i = 0; i < 9; i++) {
      limits.take(Limit.PUBLISHES_USER, billing, 1);
      limits.enter(identity("billing"), "192.0.2.1");
    }
    limits.take(Limit.REQUESTS_ADDRESS, billing, 2);
    refused(() -> limits.take(Limit.REQUESTS_ADDRESS, billing, 1));
  }

  @Test
  void openConnectionsAreCountedByUserAndAddress() {
    Limits limits =
        limits(Map.of(), Map.of(Limit.CONNECTIONS_USER, 2, Limit.CONNECTIONS_ADDRESS, 3));
    Limits.Place first = limits.enter(identity("alice"), "192.0.2.1");
    limits.enter(identity("alice"), "192.0.2.2");
    assertEquals(
        ErrorCode.LIMIT, refused(() -> limits.enter(identity("alice"), "192.0.2.3")).code());
    assertEquals(
        ErrorCode.LIMIT, refused(() -> limits.connect(visitor("alice", "192.0.2.3"))).code());
    limits.enter(identity("bob"), "192.0.2.1");
    limits.enter(Identity.NOBODY, "192.0.2.1");
    assertEquals(ErrorCode.LIMIT, refused(() -> limits.enter(identity("bob"), "192.0.2.1")).code());
    limits.exit(first);
    // What the full address has refused did not count for the user.
    Limits.Place second = limits.enter(identity("bob"), "192.0.2.1");
    refused(() -> limits.enter(identity("bob"), "192.0.2.9"));
    limits.exit(second);
    assertDoesNotThrow(() -> limits.enter(identity("alice"), "192.0.2.1"));
  }

  @Test
  void readersOfANamespaceAreCounted() {
    Limits limits = limits(Map.of(), Map.of(Limit.READERS_NAMESPACE, 1));
    RoomName one = new RoomName("chat:1");
    RoomName two = new RoomName("chat:2");
    limits.read(one, visitor("alice", ""));
    assertEquals(ErrorCode.LIMIT, refused(() -> limits.read(two, visitor("bob", ""))).code());
    limits.read(new RoomName("orders:1"), visitor("bob", ""));
    limits.left(one);
    limits.read(two, visitor("bob", ""));
  }

  @Test
  void readersAndMembersOfARoomAreCounted() {
    Limits limits =
        limits(
            Map.of(),
            Map.of(Limit.READERS_NAMESPACE, 3, Limit.READERS_ROOM, 1, Limit.MEMBERS_ROOM, 1));
    RoomName one = new RoomName("chat:1");
    limits.read(one, visitor("alice", ""));
    for (int i = 0; i < 9; i++) {
      // What the full room has refused does not count for its namespace.
      assertEquals(ErrorCode.LIMIT, refused(() -> limits.read(one, visitor("bob", ""))).code());
    }
    limits.read(new RoomName("chat:2"), visitor("bob", ""));
    limits.present(one, visitor("alice", ""));
    assertEquals(ErrorCode.LIMIT, refused(() -> limits.present(one, visitor("bob", ""))).code());
    limits.absent(one);
    limits.left(one);
    limits.present(one, visitor("bob", ""));
    limits.read(one, visitor("bob", ""));
    assertEquals("members.room", told.getLast());
  }

  @Test
  void aRoomIsLimitedWhoeverAsks() {
    Limits limits = limits(Map.of(Limit.PUBLISHES_ROOM, new Rate(1, 2)), Map.of());
    RoomName one = new RoomName("chat:1");
    limits.take(Limit.PUBLISHES_ROOM, one, identity("alice"));
    limits.take(Limit.PUBLISHES_ROOM, one, identity("bob"));
    Rejection refusal = refused(() -> limits.take(Limit.PUBLISHES_ROOM, one, identity("carol")));
    assertEquals(ErrorCode.RATE, refusal.code());
    limits.take(Limit.PUBLISHES_ROOM, new RoomName("chat:2"), identity("carol"));
    assertEquals("carol", limits.hits().of(null, 1).getFirst().user());
    time.pass(Duration.ofSeconds(1));
    limits.take(Limit.PUBLISHES_ROOM, one, identity("carol"));
  }

  @Test
  void aConnectionIsLimitedByItself() {
    Limits limits = limits(Map.of(Limit.PINGS_CONNECTION, new Rate(1, 1)), Map.of());
    limits.take(Limit.PINGS_CONNECTION, new Visitor(identity("alice"), "c1", ""), 1);
    limits.take(Limit.PINGS_CONNECTION, new Visitor(identity("alice"), "c2", ""), 1);
    Visitor first = new Visitor(identity("alice"), "c1", "");
    Rejection refusal = refused(() -> limits.take(Limit.PINGS_CONNECTION, first, 1));
    assertTrue(known(refusal.retryAfter()).toMillis() <= 1001, refusal::toString);
  }

  @Test
  void whoSaysLateWhoItIsCountsFromThenOn() {
    Limits limits =
        limits(
            Map.of(Limit.CONNECTS_USER, new Rate(1, 3)),
            Map.of(Limit.CONNECTIONS_USER, 2, Limit.CONNECTIONS_ADDRESS, 9));
    List<Limits.Place> places = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      places.add(limits.enter(Identity.NOBODY, "192.0.2.1"));
    }
    // What all clients of an application are called is nobody's name.
    for (int i = 0; i < 3; i++) {
      places.set(i, limits.identified(places.get(i), identity("pusher:app"), "192.0.2.1"));
    }
    Limits.Place first = limits.identified(places.get(0), identity("alice"), "192.0.2.1");
    assertEquals(first, limits.identified(first, identity("alice"), "192.0.2.1"), "a fresh token");
    limits.identified(places.get(1), identity("alice"), "192.0.2.1");
    Limits.Place third = places.get(2);
    assertEquals(
        ErrorCode.LIMIT,
        refused(() -> limits.identified(third, identity("alice"), "192.0.2.1")).code());
    limits.exit(first);
    limits.identified(third, identity("alice"), "192.0.2.1");
    Limits.Place fourth = limits.enter(Identity.NOBODY, "192.0.2.1");
    limits.exit(first);
    assertEquals(
        ErrorCode.RATE,
        refused(() -> limits.identified(fourth, identity("alice"), "192.0.2.1")).code());
  }

  @Test
  void withoutLimitsNothingIsRefusedOrKept() {
    assertFalse(Limits.NONE.any());
    Limits.NONE.take(Limit.HISTORY_USER, visitor("alice", "192.0.2.1"), Integer.MAX_VALUE);
    Limits.NONE.exit(Limits.NONE.enter(identity("alice"), "192.0.2.1"));
    assertEquals(0, Limits.NONE.kept(Limit.HISTORY_USER));
  }

  @Test
  void aConnectionMayIgnoreSomeRefusalsAndNotAFlood() {
    Limits limits = limits(Map.of(), Map.of());
    int borne = 0;
    while (limits.bears("one")) {
      borne++;
    }
    assertTrue(borne > 1000 && borne < 5000, "" + borne);
    assertTrue(limits.bears("another"));
    time.pass(Duration.ofMillis(20));
    assertTrue(limits.bears("one"));
    assertFalse(limits.bears("one"));
  }

  @Test
  void whoAskedLongAgoIsForgotten() {
    Limits limits = limits(Map.of(Limit.TICKETS_USER, new Rate(1, 5)), Map.of());
    for (int i = 0; i < 50; i++) {
      limits.take(Limit.TICKETS_USER, visitor("u" + i, ""), 1);
    }
    limits.sweep();
    assertEquals(50, limits.kept(Limit.TICKETS_USER));
    time.pass(Duration.ofSeconds(1));
    limits.take(Limit.TICKETS_USER, visitor("late", ""), 1);
    limits.sweep();
    assertEquals(1, limits.kept(Limit.TICKETS_USER));
  }
}
