package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Identity;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.spi.Authorizer;
import io.carillon.kit.MemoryLog;
import io.carillon.kit.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rights are asked for anew: all of them, and nobody's answer holds up somebody else's. */
@Timeout(60)
class ReviewTest {
  private static final RoomName ROOM = new RoomName("r:1");

  private final Set<Right> withdrawn = ConcurrentHashMap.newKeySet();

  private Authorizer withdrawing() {
    return (who, right, room) -> !withdrawn.contains(right);
  }

  private static Connection join(Instance here, String user, PresenceMode presence) {
    Connection connection = here.open(user, new RecordingSink());
    here.commands.execute(connection, new Command.Join("1", ROOM, null, 0, presence, true));
    return connection;
  }

  @Test
  void whoFollowsMembersNeedsTheRightToThatToo() {
    try (Instance here = new Instance(new MemoryLog().at(), withdrawing())) {
      Connection reader = join(here, "reader", PresenceMode.NONE);
      Connection follower = join(here, "follower", new PresenceMode.Follow());
      Connection member = join(here, "member", new PresenceMode.FollowAndTrack("{}"));
      Connection later = join(here, "later", PresenceMode.NONE);
      here.commands.execute(later, new Command.Track("2", ROOM, "{}"));
      here.rooms.maintenance().review();
      assertFalse(follower.closing());

      withdrawn.add(Right.PRESENCE);
      here.rooms.maintenance().review();

      assertTrue(follower.closing());
      assertTrue(member.closing());
      assertTrue(later.closing());
      assertFalse(reader.closing());
      withdrawn.add(Right.READ);
      here.rooms.maintenance().review();
      assertTrue(reader.closing());
    }
  }

  @Test
  void whatAFreshTokenNoLongerGrantsEndsWithIt() {
    for (Right right : List.of(Right.PRESENCE, Right.READ)) {
      withdrawn.clear();
      try (Instance here = new Instance(new MemoryLog().at(), withdrawing())) {
        Connection follower = join(here, "follower", new PresenceMode.Follow());
        Connection other = join(here, "other", new PresenceMode.Follow());
        here.commands.execute(follower, new Command.Auth("8", "follower"));
        assertFalse(follower.closing());
        withdrawn.add(right);
        here.commands.execute(follower, new Command.Auth("9", "follower"));
        assertTrue(follower.closing());
        assertFalse(other.closing());
      }
    }
  }

  @Test
  void anAuthorizerThatWaitsIsAskedForManyAtATime() {
    int readers = 20;
    CyclicBarrier together = new CyclicBarrier(readers);
    Authorizer slow =
        (who, right, room) -> {
          if (withdrawn.contains(right)) {
            awaitAll(together);
            return false;
          }
          return true;
        };
    try (Instance here = new Instance(new MemoryLog().at(), slow)) {
      List<Connection> all = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        all.add(join(here, "u" + i, PresenceMode.NONE));
      }
      withdrawn.add(Right.READ);
      here.rooms.maintenance().review();
      assertTrue(all.stream().allMatch(Connection::closing));
    }
  }

  private static void awaitAll(CyclicBarrier together) {
    try {
      together.await(30, TimeUnit.SECONDS);
    } catch (Exception alone) {
      throw new IllegalStateException("asked one after another", alone);
    }
  }

  @Test
  void aBeanThatThrowsForOneIsAskedForTheOthers() {
    Authorizer throwing =
        new Authorizer() {
          @Override
          public boolean allows(Identity who, Right right, RoomName room) {
            if (withdrawn.isEmpty()) {
              return true;
            }
            if (who.user().equals("odd")) {
              throw new IllegalStateException("a defect of the application's bean");
            }
            return false;
          }

          @Override
          public boolean mayWait() {
            return false;
          }
        };
    try (Instance here = new Instance(new MemoryLog().at(), throwing)) {
      List<Connection> all = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        all.add(join(here, i == 5 ? "odd" : "u" + i, PresenceMode.NONE));
      }
      withdrawn.add(Right.READ);
      here.rooms.maintenance().review();
      assertEquals(9, all.stream().filter(Connection::closing).count());
    }
  }
}
