package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.contract.PresenceStoreContract;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceStore;
import io.carillon.core.spi.PresenceStore.Changes;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class JdbcPresenceStoreIT extends PresenceStoreContract {
  private static DatabaseAccess database;

  @BeforeAll
  static void database() {
    database = TestDatabase.migrated();
  }

  @Override
  protected PresenceStore as(String instance) {
    instances(instance).beat("{}");
    return new JdbcPresenceStore(database.app(), instance);
  }

  private static JdbcInstances instances(String id) {
    return new JdbcInstances(database.app(), id, Duration.ofMinutes(10));
  }

  @Override
  protected void expire(String instance) {
    instances(instance).bye();
  }

  private void age(String column) throws SQLException {
    try (Connection c = TestDatabase.shared().superuser(database.name()).getConnection();
        PreparedStatement s =
            c.prepareStatement(
                "UPDATE carillon.presence SET "
                    + column
                    + " = "
                    + column
                    + " - interval '2 minutes' WHERE room = ?")) {
      s.setString(1, room.value());
      s.execute();
    }
  }

  @Test
  void marksArePurgedAndWhoKnowsLessReadsTheWhole() throws SQLException {
    PresenceStore store = as(instance("a"));
    long old = done(store, track("c1", "alice", "{}"), track("c2", "bob", "{}")).get(room);
    long gone = done(store, new PresenceAct.Untrack(room, "c1", "alice")).get(room);
    store.purge();
    assertEquals(1, store.changes(Map.of(room, old)).get(room).entries().size(), "too young");
    age("gone_at");
    store.purge();
    Changes changes = store.changes(Map.of(room, old)).get(room);
    assertTrue(changes.whole());
    assertEquals(List.of("bob"), changes.entries().stream().map(e -> e.user()).toList());
    assertFalse(store.changes(Map.of(room, gone)).get(room).whole());
  }

  @Test
  void aRoomThatWasForgottenAndBeginsAgainIsReadAsAWhole() throws SQLException {
    PresenceStore store = as(instance("a"));
    long known = done(store, track("c1", "alice", "{}")).get(room);
    done(store, new PresenceAct.Untrack(room, "c1", "alice"));
    age("gone_at");
    store.purge();
    assertEquals(Map.of(), store.revisions(List.of(room)));
    long later = done(store, track("c2", "bob", "{}")).get(room);
    assertTrue(later > known);
    Changes changes = store.changes(Map.of(room, known)).get(room);
    assertTrue(changes.whole(), "the mark of alice is no more");
    assertEquals(List.of("bob"), changes.entries().stream().map(e -> e.user()).toList());
  }

  @Test
  void aLeaseThatRanOutEndsThoughNobodySaysSo() throws SQLException {
    PresenceStore store = as(instance("a"));
    done(store, new PresenceAct.Lease(room, "alice", "{}", Duration.ofSeconds(90)));
    store.sweep();
    assertEquals(1, store.count(room));
    age("leave_at");
    store.sweep();
    assertEquals(0, store.count(room));
  }
}
