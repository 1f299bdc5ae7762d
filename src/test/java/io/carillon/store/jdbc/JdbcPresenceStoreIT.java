package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.contract.PresenceStoreContract;
import io.carillon.core.Lessee;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceStore;
import io.carillon.core.spi.PresenceStore.PresenceChanges;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
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
    instances(instance).renew("{}");
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
    long gone = done(store, new PresenceAct.UntrackConnection(room, "c1", "alice")).get(room);
    store.purge();
    assertEquals(1, store.changes(Map.of(room, old)).get(room).entries().size(), "too young");
    age("gone_at");
    store.purge();
    PresenceChanges changes = store.changes(Map.of(room, old)).get(room);
    assertTrue(changes.whole());
    assertEquals(List.of("bob"), changes.entries().stream().map(e -> e.user()).toList());
    assertFalse(store.changes(Map.of(room, gone)).get(room).whole());
  }

  @Test
  void aRoomThatWasForgottenAndBeginsAgainIsReadAsAWhole() throws SQLException {
    PresenceStore store = as(instance("a"));
    long known = done(store, track("c1", "alice", "{}")).get(room);
    done(store, new PresenceAct.UntrackConnection(room, "c1", "alice"));
    age("gone_at");
    store.purge();
    assertEquals(Map.of(), store.revisions(List.of(room)));
    long later = done(store, track("c2", "bob", "{}")).get(room);
    assertTrue(later > known);
    PresenceChanges changes = store.changes(Map.of(room, known)).get(room);
    assertTrue(changes.whole(), "the mark of alice is no more");
    assertEquals(List.of("bob"), changes.entries().stream().map(e -> e.user()).toList());
  }

  @Test
  void aLeaseThatRanOutEndsThoughNobodySaysSo() throws SQLException {
    PresenceStore store = as(instance("a"));
    done(store, new PresenceAct.Lease(room, Lessee.of("alice"), "{}", Duration.ofSeconds(90)));
    store.sweep();
    assertEquals(1, store.count(room));
    age("leave_at");
    store.sweep();
    assertEquals(0, store.count(room));
  }

  /**
   * Without statistics the planner once read all members of the instance for each that left: 1,470
   * entries an act. Coming still costs a look at the user's other connections, about 250.
   */
  @Test
  void aMemberIsFoundByItsKeyHoweverManyThereAre() throws SQLException {
    int many = 1000;
    PresenceStore store = as(instance("a"));
    List<PresenceAct> come = new ArrayList<>();
    List<PresenceAct> go = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      come.add(track("c" + i, "u" + i, "{}"));
      go.add(new PresenceAct.Close(room, "c" + i, "u" + i, Duration.ofSeconds(5)));
    }
    long before = rowsRead();
    for (int from = 0; from < many; from += 250) {
      store.apply(come.subList(from, from + 250));
    }
    for (int from = 0; from < many; from += 250) {
      store.apply(go.subList(from, from + 250));
    }
    long read = rowsRead() - before;
    assertTrue(read > many && read < 500L * many, read + " rows and index entries were read");
  }

  /** What sessions that have ended have read; they report it when they end. */
  private static long rowsRead() throws SQLException {
    try (Connection c = TestDatabase.shared().superuser(database.name()).getConnection();
        Statement s = c.createStatement()) {
      String others =
          """
          SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND usename LIKE 'carillon%'
          """;
      while (number(s, others) > 0) {
        Thread.onSpinWait();
      }
      return number(
          s,
          """
          SELECT (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'presence')
            + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'presence')
          """);
    }
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
