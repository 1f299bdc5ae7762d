package io.carillon.core.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Delivery;
import io.carillon.core.Delivery.ByConnection;
import io.carillon.core.Lessee;
import io.carillon.core.MemberConnection;
import io.carillon.core.MembersBy;
import io.carillon.core.RoomName;
import io.carillon.core.presence.PresenceWorld.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members by connection, of several instances over a store in memory. */
@Timeout(60)
class PresenceByConnectionTest {
  private static final RoomName ROOM = new RoomName("chat:lobby");
  private static final RoomName SMALL = new RoomName("small:room");

  private final PresenceWorld world = new PresenceWorld();
  private final PresenceWorld.Instance a = world.instance("a");
  private final PresenceWorld.Instance b = world.instance("b");

  @AfterEach
  void stop() {
    world.close();
  }

  private static Client watch(PresenceWorld.Instance at, RoomName room) {
    Client watcher = at.open("watcher");
    at.presence.follow(watcher.connection(), room, MembersBy.CONNECTION);
    return watcher;
  }

  private static void track(Client client, String state) {
    client.at().presence.track(client.connection(), ROOM, state);
  }

  private static String id(Client client) {
    return MemberConnection.idOf(client.connection().id());
  }

  /** Id to user and state, as a client puts them together; fails on a diff that does not fit. */
  private static Map<String, String> view(List<Object> got) {
    TreeMap<String, MemberConnection> members = new TreeMap<>();
    boolean listed = false;
    for (Object one : got) {
      switch ((ByConnection) one) {
        case ByConnection.ConnectionList list -> {
          listed = true;
          members.clear();
          Objects.requireNonNull(list.members()).forEach(m -> members.put(m.id(), m));
          assertEquals(list.count(), members.size());
        }
        case ByConnection.ConnectionChanges diff -> {
          assertTrue(listed, "the list comes first");
          diff.left().forEach(m -> assertEquals(m, members.remove(m.id()), "left as told last"));
          diff.joined().forEach(m -> assertNull(members.put(m.id(), m), "joined twice"));
          diff.updated()
              .forEach(
                  m -> {
                    MemberConnection before = members.put(m.id(), m);
                    assertNotNull(before);
                    assertFalse(before.equals(m), "updated to the same");
                  });
          assertEquals(diff.count(), members.size());
        }
      }
    }
    TreeMap<String, String> view = new TreeMap<>();
    members.forEach((id, m) -> view.put(id, m.user() + m.state()));
    return listed ? view : Map.of("not", "listed");
  }

  private static void awaitView(Client watcher, Map<String, String> members) {
    watcher.sink().await(got -> view(got).equals(members));
  }

  @Test
  void twoConnectionsOfOneUserAreTwoMembers() {
    Client one = a.open("alice");
    Client two = b.open("alice");
    Client early = watch(a, ROOM);
    awaitView(early, Map.of());
    track(one, "{\"n\":1}");
    track(two, "{\"n\":2}");
    Client late = watch(b, ROOM);
    for (Client watcher : List.of(early, late)) {
      awaitView(watcher, Map.of(id(one), "alice{\"n\":1}", id(two), "alice{\"n\":2}"));
    }
    track(one, "{\"n\":3}");
    for (Client watcher : List.of(early, late)) {
      awaitView(watcher, Map.of(id(one), "alice{\"n\":3}", id(two), "alice{\"n\":2}"));
    }
    b.presence.untrack(two.connection(), ROOM);
    for (Client watcher : List.of(early, late)) {
      awaitView(watcher, Map.of(id(one), "alice{\"n\":3}"));
    }
    assertEquals(
        1, early.sink().got(ByConnection.ConnectionList.class).size(), "the list is told once");
  }

  @Test
  void membersOfAKilledInstanceLeaveAndTheOthersStay() {
    Client watcher = watch(b, ROOM);
    Client lost = a.open("alice");
    Client kept = b.open("alice");
    track(lost, "{}");
    track(kept, "{}");
    awaitView(watcher, Map.of(id(lost), "alice{}", id(kept), "alice{}"));
    a.die();
    world.memory.expire("a");
    b.presence.sweep();
    awaitView(watcher, Map.of(id(kept), "alice{}"));
  }

  @Test
  void aConnectionInItsGraceStaysAndThenLeavesUnlessLeasesKeepTheUser() {
    Client watcher = watch(b, ROOM);
    Client gone = a.open("alice");
    track(gone, "{}");
    a.presence.lease(Lessee.of("alice"), ROOM, "{\"l\":1}");
    String lease = MemberConnection.idOfLease(Lessee.of("alice").key());
    Map<String, String> both = Map.of(id(gone), "alice{}", lease, "alice{\"l\":1}");
    awaitView(watcher, both);
    a.presence.closed(gone.connection());
    a.presence.members(ROOM, 1, null);
    world.time.pass(Duration.ofSeconds(4));
    world.sweep();
    assertEquals(both, view(watcher.sink().got()));
    world.time.pass(Duration.ofSeconds(2));
    world.sweep();
    awaitView(watcher, Map.of(lease, "alice{\"l\":1}"));
  }

  @Test
  void aConnectionUnderAnotherNameLeavesAndJoins() {
    Client watcher = watch(b, ROOM);
    Client one = a.open("alice");
    a.presence.track(one.connection(), ROOM, "x", "{}");
    awaitView(watcher, Map.of(id(one), "x{}"));
    a.presence.track(one.connection(), ROOM, "y", "{}");
    awaitView(watcher, Map.of(id(one), "y{}"));
    assertFalse(
        watcher.sink().got(ByConnection.ConnectionChanges.class).stream()
            .anyMatch(change -> !change.updated().isEmpty()));
  }

  @Test
  void bothKindsFollowOneRoomAndEachIsToldItsOwn() {
    Client byUser = a.open("watcher");
    a.presence.follow(byUser.connection(), ROOM, MembersBy.USER);
    Client first = watch(a, ROOM);
    Client second = watch(a, ROOM);
    Client one = a.open("alice");
    Client two = a.open("alice");
    track(one, "{}");
    track(two, "{}");
    for (Client watcher : List.of(first, second)) {
      awaitView(watcher, Map.of(id(one), "alice{}", id(two), "alice{}"));
    }
    byUser.sink().await(got -> got.getLast().toString().contains("connections=2"));
    assertFalse(byUser.sink().got().stream().anyMatch(ByConnection.class::isInstance));
    Delivery last = (Delivery) first.sink().got().getLast();
    assertSame(last, second.sink().got().getLast(), "shared");
    a.presence.unfollow(first.connection(), ROOM);
    a.presence.unfollow(second.connection(), ROOM);
    a.presence.untrack(two.connection(), ROOM);
    byUser.sink().await(got -> got.getLast().toString().contains("connections=1"));
    awaitView(watch(a, ROOM), Map.of(id(one), "alice{}"));
  }

  @Test
  void aRoomWithTooManyConnectionsIsCounted() {
    Client watcher = watch(b, SMALL);
    awaitView(watcher, Map.of());
    for (int i = 0; i <= PresenceWorld.SMALL_LIMIT; i++) {
      a.presence.track(a.open("alice").connection(), SMALL, "{}");
    }
    watcher
        .sink()
        .await(
            got ->
                !got.isEmpty()
                    && (got.getLast() instanceof ByConnection.ConnectionChanges c
                        && c.count() == PresenceWorld.SMALL_LIMIT + 1
                        && c.joined().isEmpty()));
  }

  @Test
  void followersThatComeAtAnyTimeSeeNoGapAndNoRepeat() {
    Random random = new Random(7);
    List<Client> clients =
        List.of(a.open("alice"), b.open("alice"), a.open("bob"), b.open("bob"), a.open("eve"));
    TreeMap<String, String> truth = new TreeMap<>();
    List<Client> watchers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Client client = clients.get(random.nextInt(clients.size()));
      if (random.nextInt(3) == 0) {
        client.at().presence.untrack(client.connection(), ROOM);
        truth.remove(id(client));
      } else {
        String state = "{\"i\":" + i + "}";
        track(client, state);
        truth.put(id(client), client.connection().identity().user() + state);
      }
      if (i % 20 == 0) {
        watchers.add(watch(i % 40 == 0 ? a : b, ROOM));
        client.at().presence.awaitWritten();
      }
      if (i % 50 == 49) {
        world.instance("c" + i).presence.awaitWritten();
        b.presence.missed();
      }
    }
    watchers.forEach(watcher -> awaitView(watcher, truth));
  }
}
