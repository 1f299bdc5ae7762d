package io.carillon.store.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** The outbox while a database comes from migration 202 to the newest, and afterwards. */
class OutboxUpgradeIT {
  /** As the relay of the version before has it. */
  private static final String SCAN_OF_BEFORE =
      """
      WITH new AS (
        SELECT o.number, o.room, o.id, o.name, o.producer, o.data, o.meta
        FROM carillon.outbox o WHERE o.number > ? ORDER BY o.number LIMIT ?
      ), old AS (
        SELECT o.number, o.room, o.id, o.name, o.producer, o.data, o.meta
        FROM carillon.outbox o WHERE o.number = ANY (?) AND o.number <= ?)
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, f.*
      FROM (SELECT 1) one
      LEFT JOIN (SELECT true, new.* FROM new UNION ALL SELECT false, old.* FROM old) f ON true
      ORDER BY f.number
      """;

  @Test
  void theRelayOfBeforeGoesOn() throws Exception {
    LogDatabase database = before();
    try (Connection relay = database.app().getConnection();
        PreparedStatement scan = relay.prepareStatement(SCAN_OF_BEFORE)) {
      for (int i = 0; i < 10; i++) { // long enough for a prepared statement
        database.run("SELECT carillon.publish('up:one', 'old', '" + i + "')");
        assertEquals(List.of((long) i + 1), move(relay, scan, i));
      }
      new Migrator().migrate(database.owner());
      for (int i = 10; i < 20; i++) {
        database.run("SELECT carillon.publish('up:one', 'new', '" + i + "')");
        assertEquals(List.of((long) i + 1), move(relay, scan, i));
      }
    }
    try (LogInstance instance = new LogInstance(database)) {
      assertEquals(20, Relayed.names(instance.log(), "up:one", 20).size());
    }
  }

  /** A step of the relay of before: the numbers that it moved. */
  private static List<Long> move(Connection relay, PreparedStatement scan, long after)
      throws SQLException {
    List<Long> numbers = new ArrayList<>();
    scan.setLong(1, after);
    scan.setInt(2, 256);
    scan.setObject(3, new long[] {1, 2, 3});
    scan.setLong(4, after);
    try (ResultSet rows = scan.executeQuery()) {
      while (rows.next()) {
        rows.getLong(3);
        if (!rows.wasNull()) {
          numbers.add(rows.getLong(3));
        }
      }
    }
    try (Statement statement = relay.createStatement()) {
      statement.execute("SELECT carillon.make_rooms(ARRAY['up:one'])");
      statement.execute("SELECT carillon.take_relay('old', 4)");
    }
    List<Long> moved = new ArrayList<>();
    try (PreparedStatement statement =
        relay.prepareStatement("SELECT number FROM carillon.relay('old', ?)")) {
      statement.setObject(1, numbers.stream().mapToLong(Long::longValue).toArray());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          moved.add(rows.getLong(1));
        }
      }
    }
    return moved;
  }

  @Test
  void nothingIsLostOnTheWay() throws Exception {
    LogDatabase database = before();
    database.run("SELECT carillon.publish('up:way', 'numbered', '1')");
    database.run(
        "SET session_replication_role = replica;"
            + " SELECT carillon.publish('up:way', 'silent', '1')");
    try (Connection open = database.superuser().getConnection();
        Connection waiting = database.superuser().getConnection();
        Statement first = open.createStatement();
        Statement second = waiting.createStatement();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      second.execute("SELECT carillon.publish('up:way', 'warm', '1')"); // has its plans now
      open.setAutoCommit(false);
      first.execute("SELECT carillon.publish('up:way', 'open', '1')");
      CompletableFuture<Void> migrated =
          CompletableFuture.runAsync(() -> new Migrator().migrate(database.owner()), threads);
      awaitLocks(database, 1);
      CompletableFuture<Void> published =
          CompletableFuture.runAsync(
              () -> {
                try {
                  second.execute("SELECT carillon.publish('up:way', 'waited', '1')");
                } catch (SQLException failed) {
                  throw new IllegalStateException(failed);
                }
              },
              threads);
      awaitLocks(database, 2);
      open.commit();
      migrated.get(60, SECONDS);
      published.get(20, SECONDS);
    }
    try (LogInstance instance = new LogInstance(database);
        OutboxRelay relay = instance.relay("new")) {
      assertEquals(
          List.of("numbered", "warm", "open", "silent", "waited"),
          Relayed.names(instance.log(), "up:way", 5));
      assertTrue(relay.leading());
    }
  }

  /** Waits until so many sessions wait for the outbox. */
  private static void awaitLocks(LogDatabase database, int sessions) throws SQLException {
    long end = System.nanoTime() + 30_000_000_000L;
    while (database.number(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                + " WHERE d.datname = current_database() AND NOT l.granted"
                + " AND l.locktype = 'relation'")
        < sessions) {
      assertTrue(System.nanoTime() < end, "nobody waits");
    }
  }

  private static LogDatabase before() {
    LogDatabase database = LogDatabase.empty();
    Flyway.configure(Migrator.class.getClassLoader())
        .dataSource(database.owner())
        .locations("classpath:db/migration")
        .schemas("carillon")
        .target("202")
        .placeholders(Map.of("app_role", "carillon_app", "publisher_role", "carillon_publisher"))
        .load()
        .migrate();
    return database;
  }
}
