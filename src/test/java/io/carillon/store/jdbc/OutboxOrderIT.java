package io.carillon.store.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RoomName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Numbers of the outbox in transactions that are not like most. */
class OutboxOrderIT {
  private static LogDatabase database;
  private static LogInstance instance;
  private static OutboxRelay relay;

  @BeforeAll
  static void start() throws Exception {
    database = LogDatabase.migrated();
    instance = new LogInstance(database);
    relay = instance.relay("one");
  }

  @AfterAll
  static void stop() {
    relay.close();
    instance.close();
  }

  @Test
  void serializableCallersDoNotFailEachOther() throws Exception {
    int sessions = 6;
    int commits = 200;
    for (int i = 0; i < sessions; i++) {
      database.run("CREATE TABLE own_" + i + " (n int); INSERT INTO own_" + i + " VALUES (0)");
    }
    int failures = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> done = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        int own = i;
        done.add(threads.submit(() -> serializable(own, commits)));
      }
      for (Future<Integer> one : done) {
        failures += one.get(120, SECONDS);
      }
    }
    assertEquals(0, failures, "of " + sessions * commits);
    for (int i = 0; i < sessions; i++) {
      Relayed.await(instance.log(), new RoomName("own:" + i), 2 * commits);
    }
  }

  private static int serializable(int own, int commits) throws SQLException {
    int failures = 0;
    try (Connection connection = database.superuser().getConnection();
        Statement sql = connection.createStatement()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setAutoCommit(false);
      for (int i = 0; i < commits; i++) {
        try {
          sql.execute("UPDATE own_" + own + " SET n = n + 1");
          sql.execute("SELECT carillon.publish('own:" + own + "', 'a', '1')");
          sql.execute("SELECT carillon.publish('own:" + own + "', 'b', '1')");
          connection.commit();
        } catch (SQLException failed) {
          assertEquals("40001", failed.getSQLState(), failed::getMessage);
          connection.rollback();
          failures++;
        }
      }
    }
    return failures;
  }

  @Test
  void immediateConstraintsLeaveTheOrderToTheRowLocks() throws Exception {
    orderedByLock("imm:after", "", "SET CONSTRAINTS ALL IMMEDIATE");
    orderedByLock("imm:before", "SET CONSTRAINTS ALL IMMEDIATE", "");
    orderedByLock(
        "imm:twice",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "SET CONSTRAINTS ALL DEFERRED; SET CONSTRAINTS ALL IMMEDIATE");
  }

  @Test
  void aReplicatingSessionIsRelayedInOrderToo() throws Exception {
    orderedByLock("rep:order", "SET session_replication_role = replica", "");
    assertEquals(0, database.number("SELECT carillon.outbox_unnumbered()"));
  }

  /** Who publishes first, but gets the row's lock second, comes second. */
  private static void orderedByLock(String room, String before, String after) throws Exception {
    database.run("CREATE TABLE IF NOT EXISTS contested (n int); TRUNCATE contested");
    database.run("INSERT INTO contested VALUES (0)");
    try (Connection one = database.superuser().getConnection();
        Connection two = database.superuser().getConnection();
        Statement first = one.createStatement();
        Statement second = two.createStatement()) {
      one.setAutoCommit(false);
      first.execute("UPDATE contested SET n = n + 1");
      two.setAutoCommit(false);
      second.execute(before);
      second.execute("SELECT carillon.publish('" + room + "', 'second', '1')");
      second.execute(after);
      second.execute("SELECT carillon.publish('" + room + "', 'third', '1')");
      CompletableFuture<Void> locked =
          CompletableFuture.runAsync(
              () -> {
                try {
                  second.execute("UPDATE contested SET n = n + 1");
                  two.commit();
                } catch (SQLException failed) {
                  throw new IllegalStateException(failed);
                }
              });
      first.execute("SELECT carillon.publish('" + room + "', 'first', '1')");
      one.commit();
      locked.get(20, SECONDS);
    }
    assertEquals(List.of("first", "second", "third"), Relayed.names(instance.log(), room, 3), room);
  }

  @Test
  void aSavepointThatIsRolledBackPublishesNothing() throws Exception {
    try (Connection connection = database.superuser().getConnection();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      sql.execute("SELECT carillon.publish('save', 'a', '1')");
      sql.execute("SAVEPOINT s");
      sql.execute("SELECT carillon.publish('save', 'never', '1')");
      sql.execute("SET CONSTRAINTS ALL IMMEDIATE");
      sql.execute("SELECT carillon.publish('save', 'never', '1')");
      sql.execute("ROLLBACK TO SAVEPOINT s");
      sql.execute("SELECT carillon.publish('save', 'b', '1')");
      try (Connection others = database.superuser().getConnection();
          Statement other = others.createStatement()) {
        for (int i = 0; i < 300; i++) {
          other.execute("SELECT carillon.publish('save:others', 'x', '1')");
        }
      }
      connection.commit();
    }
    assertEquals(List.of("a", "b"), Relayed.names(instance.log(), "save", 2));
    Relayed.await(instance.log(), new RoomName("save:others"), 300);
  }

  @Test
  void aPreparedTransactionIsRelayedAfterItsSecondPhase() throws Exception {
    try (Connection connection = database.superuser().getConnection();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      sql.execute("SELECT carillon.publish('two:phase', 'prepared', '1')");
      sql.execute("PREPARE TRANSACTION 'carillon-it'");
      for (int i = 0; i < 10; i++) {
        database.run("SELECT carillon.publish('two:phase', 'other', '1')");
      }
      Relayed.await(instance.log(), new RoomName("two:phase"), 10);
      database.run("COMMIT PREPARED 'carillon-it'");
    }
    assertEquals("prepared", Relayed.names(instance.log(), "two:phase", 11).getLast());
  }

  @Test
  void whatHasNoNumberIsCounted() throws Exception {
    LogDatabase own = LogDatabase.migrated();
    own.run(
        "SET session_replication_role = replica; INSERT INTO carillon.outbox_row"
            + " (room, id, name, producer, data) VALUES ('r', 'k', 'n', 'p', '1')");
    try (LogInstance reader = new LogInstance(own);
        OutboxRelay other = reader.relay("one")) {
      long end = System.nanoTime() + 20_000_000_000L;
      while (other.unnumbered() == 0) {
        assertTrue(System.nanoTime() < end, "never counted");
        Thread.onSpinWait();
      }
      assertEquals(1, other.unnumbered());
    }
  }
}
