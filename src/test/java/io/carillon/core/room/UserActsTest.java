package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.RoomName;
import io.carillon.kit.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UserActsTest {
  private static final RoomName ROOM = new RoomName("a");

  private final ManualTime time = new ManualTime();
  private final UserActs acts = new UserActs(time::nanos);

  @Test
  void keepsActsOfThoseWhoAreWatchedFromTheFirstQuestionOn() {
    acts.published("alice", ROOM, "before", 1);
    assertEquals(List.of(), acts.of("alice"));
    acts.published("alice", ROOM, "x", 2);
    acts.published("bob", ROOM, "x", 3);
    time.pass(Duration.ofSeconds(2));
    acts.refused("alice", ROOM, "write", "forbidden");
    List<UserActs.Act> seen = acts.of("alice");
    assertEquals(
        List.of(UserActs.ActKind.REFUSED, UserActs.ActKind.PUBLISHED),
        seen.stream().map(UserActs.Act::kind).toList());
    assertEquals(Duration.ofSeconds(2), acts.since(seen.getLast()));
    assertEquals(List.of(), acts.of("bob"));
  }

  @Test
  void forgetsWhoHasNotBeenAskedFor() {
    acts.of("alice");
    acts.joined("alice", ROOM);
    time.pass(UserActs.WATCH.plusNanos(1));
    acts.sweep();
    acts.left("alice", ROOM);
    assertEquals(List.of(), acts.of("alice"));
    acts.joined("alice", ROOM);
    time.pass(UserActs.WATCH);
    assertEquals(1, acts.of("alice").size());
  }

  @Test
  void isBoundedInActsAndUsers() {
    for (int i = 0; i < UserActs.MOST; i++) {
      acts.of("user-" + i);
    }
    acts.of("one-more");
    acts.joined("one-more", ROOM);
    assertEquals(List.of(), acts.of("one-more"));
    for (int i = 1; i <= UserActs.KEPT + 1; i++) {
      acts.published("user-1", ROOM, "x", i);
    }
    List<UserActs.Act> seen = acts.of("user-1");
    assertEquals(UserActs.KEPT, seen.size());
    assertEquals(UserActs.KEPT + 1, seen.getFirst().seq());
  }
}
