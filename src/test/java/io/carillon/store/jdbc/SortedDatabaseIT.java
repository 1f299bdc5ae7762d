package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.Member;
import io.carillon.core.MembersPage;
import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceAct;
import io.carillon.kit.AtLength;
import io.carillon.kit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An administrator's database may sort by a language: here numbers in names count as numbers, and
 * case decides last. What the log, the outbox and presence promise is the same there.
 */
@ExtendWith(SortedDatabaseIT.Sorted.class)
class SortedDatabaseIT {
  private static final String LOCALE = "de-DE-u-kn";

  static final class Sorted implements BeforeAllCallback, AfterAllCallback {
    private static AutoCloseable sorted = () -> {};

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
      if (context.getParent().orElseThrow().getTestClass().isEmpty()) {
        sorted = TestDatabase.sortedBy(LOCALE);
      }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
      if (context.getParent().orElseThrow().getTestClass().isEmpty()) {
        sorted.close();
      }
    }
  }

  @Test
  void itDoesSortOtherwise() throws Exception {
    LogDatabase database = LogDatabase.migrated();
    assertEquals(1, database.number("SELECT ('a10' > 'a9' AND 'B' > 'a')::int"));
  }

  @Test
  void pagesOfMembersAreInTheOrderOfTheWire() throws Exception {
    LogDatabase database = LogDatabase.migrated();
    RoomName room = new RoomName("sorted");
    new JdbcInstances(database.app(), "one", Duration.ofMinutes(10)).renew("{}");
    JdbcPresenceStore store = new JdbcPresenceStore(database.app(), "one");
    List<PresenceAct> acts = new ArrayList<>();
    for (String user : List.of("a9", "B", "a10", "ä", "Z", "a", "b")) {
      acts.add(new PresenceAct.TrackConnection(room, "connection of " + user, user, "{}"));
    }
    store.apply(acts);
    List<String> users = new ArrayList<>();
    String next = null;
    do {
      MembersPage page = store.members(room, 2, next);
      users.addAll(page.members().stream().map(Member::user).toList());
      next = page.next();
    } while (next != null);
    assertEquals(List.of("B", "Z", "a", "a10", "a9", "b", "ä"), users);
  }

  @Nested
  @AtLength
  @Timeout(120)
  class Presence extends JdbcPresenceStoreIT {}

  @Nested
  class Occupied extends JdbcOccupancyIT {}

  @Nested
  class Log extends JdbcEventLogIT {}

  @Nested
  @AtLength
  class Reads extends LogReadsIT {}

  @Nested
  class Order extends OutboxOrderIT {}
}
