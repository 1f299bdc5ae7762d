package io.carillon.store.jdbc;

import static io.carillon.store.jdbc.LogInstance.appended;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RoomName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Days that go while a server runs. */
class RetentionIT {
  private static final LocalDate FIRST = LocalDate.of(2020, 1, 1);

  @Test
  void emptyDaysGoWhileServersRun() throws Exception {
    LogDatabase database = LogDatabase.migrated();
    try (LogInstance instance = new LogInstance(database)) {
      RoomName room = new RoomName("grown");
      appended(instance.publish(room, "1"));
      days(database, 90);
      move(database, FIRST.plusDays(40), 1);
      appended(instance.publish(room, "2"));
      Retention retention = new Retention(database.app(), Duration.ofDays(7));
      Retention.RetentionReport report = retention.run();
      assertEquals(List.of(FIRST.plusDays(40)), report.emptied());
      assertEquals(180, report.dropped());
      assertEquals(0, retention.run().dropped());
      assertTrue(partitions(database, "event") <= 10);
      assertTrue(partitions(database, "dedupe") <= 10);
      assertEquals(2, appended(instance.publish(room, "2")).seq() - 1);
      assertEquals(2, instance.log().after(room, 0, 10).events().size());
    }
  }

  /** A day that is in use when its turn comes is dropped in the same run. */
  @Test
  void aDropThatHasGivenWayIsTriedAgain() throws Exception {
    LogDatabase database = LogDatabase.migrated();
    days(database, 3);
    try (Connection user = database.superuser().getConnection();
        Statement sql = user.createStatement()) {
      user.setAutoCommit(false);
      sql.execute("LOCK TABLE ONLY carillon.dedupe IN ACCESS SHARE MODE");
      CompletableFuture<Retention.RetentionReport> run =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new Retention(database.app(), Duration.ofDays(7)).run();
                } catch (SQLException e) {
                  throw new CompletionException(e);
                }
              });
      awaitWaiting(database, true);
      awaitWaiting(database, false);
      user.commit();
      Retention.RetentionReport report = run.get(60, TimeUnit.SECONDS);
      assertEquals(6, report.dropped());
      assertFalse(report.postponed());
    }
  }

  private static void awaitWaiting(LogDatabase database, boolean waiting) throws SQLException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (database.number(
                """
                SELECT count(*) FROM pg_locks
                WHERE relation = 'carillon.dedupe'::regclass AND NOT granted
                """)
            > 0
        != waiting) {
      assertTrue(System.nanoTime() < end, waiting ? "nobody waits" : "somebody still waits");
    }
  }

  /** One way for both: at a start too it is the retention that drops, which every start runs. */
  @Test
  void aMigrationLeavesTheDaysToTheRetention() throws Exception {
    LogDatabase database = LogDatabase.migrated();
    days(database, 2);
    long before = partitions(database, "event");
    new Migrator().migrate(database.owner());
    assertEquals(before, partitions(database, "event"));
    new Retention(database.app(), Duration.ofDays(7)).run();
    assertEquals(before - 2, partitions(database, "event"));
  }

  /** As the planner does by itself when there are many days. */
  @Test
  void itDoesNotMatterWhichRelationsAreLookedAtFirst() throws Exception {
    LogDatabase database = LogDatabase.migrated();
    days(database, 2);
    try (Connection connection = database.owner().getConnection();
        Statement sql = connection.createStatement()) {
      sql.execute("SET enable_nestloop = off");
      sql.execute("SET enable_mergejoin = off");
      sql.execute("SELECT carillon.truncate_keys()");
      sql.execute("SELECT carillon.drop_empty_day()");
      sql.execute("SELECT carillon.drop_empty_days()");
    }
    assertEquals(
        0, database.number("SELECT count(*) FROM pg_class WHERE relname ~ '_2020010[12]$'"));
  }

  @Test
  void aDayInUseStopsNeitherTheNextNorTheKeysNorTheDrop() throws Exception {
    LogDatabase database = LogDatabase.migrated();
    try (LogInstance instance = new LogInstance(database)) {
      for (String room : List.of("a", "b")) {
        appended(instance.publish(new RoomName(room), "1"));
      }
      days(database, 3);
      move(database, FIRST, 1);
      database.run(
          "UPDATE carillon.event SET day = '2020-01-02' WHERE room_id IN"
              + " (SELECT room_id FROM carillon.room WHERE name = 'b')");
      database.run("UPDATE carillon.dedupe SET day = '2020-01-02'");
      try (Connection reader = database.superuser().getConnection();
          Statement sql = reader.createStatement()) {
        reader.setAutoCommit(false);
        sql.execute("LOCK TABLE carillon.event_20200101 IN ACCESS SHARE MODE");
        Retention.RetentionReport report = new Retention(database.app(), Duration.ofDays(7)).run();
        assertEquals(List.of(FIRST.plusDays(1)), report.emptied());
        assertTrue(report.postponed());
        assertEquals(5, report.dropped());
        assertEquals(0, database.number("SELECT count(*) FROM carillon.dedupe"));
        reader.rollback();
      }
      Retention.RetentionReport report = new Retention(database.app(), Duration.ofDays(7)).run();
      assertEquals(List.of(FIRST), report.emptied());
      assertFalse(report.postponed());
    }
  }

  @Test
  void autovacuumIsOutlasted() throws Exception {
    LogDatabase database = LogDatabase.migrated();
    try (LogInstance instance = new LogInstance(database)) {
      appended(instance.publish(new RoomName("vacuumed"), "1"));
    }
    days(database, 1);
    move(database, FIRST, 1);
    database.run(
        """
        INSERT INTO carillon.event (room_id, seq, created, day, epoch, id, name, producer, data)
        SELECT e.room_id, -i, e.created, e.day, e.epoch, 'i' || i, e.name, e.producer,
          to_json(repeat('x', 500))::text
        FROM carillon.event e, generate_series(1, 5000) i;
        ALTER TABLE carillon.event_20200101 SET (autovacuum_vacuum_threshold = 1,
          autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1,
          autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_cost_delay = 100,
          autovacuum_vacuum_cost_limit = 1);
        DELETE FROM carillon.event WHERE seq < -100
        """);
    database.run("ALTER SYSTEM SET autovacuum_naptime = '1s'");
    try {
      database.run("SELECT pg_reload_conf()");
      awaitAutovacuum(database);
      Retention.RetentionReport report = new Retention(database.app(), Duration.ofDays(7)).run();
      assertEquals(List.of(FIRST), report.emptied());
    } finally {
      database.run("ALTER SYSTEM RESET autovacuum_naptime");
      database.run("SELECT pg_reload_conf()");
    }
  }

  private static void awaitAutovacuum(LogDatabase database) throws SQLException {
    long end = System.nanoTime() + 90_000_000_000L;
    while (database.number(
            """
            SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.relation = 'carillon.event_20200101'::regclass
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.mode = 'ShareUpdateExclusiveLock' AND a.backend_type = 'autovacuum worker'
            """)
        == 0) {
      assertTrue(System.nanoTime() < end, "autovacuum did not come");
    }
  }

  /** Makes so many days from the first of 2020 on, as a server that ran then did. */
  static void days(LogDatabase database, int days) throws SQLException {
    database.run(
        """
        DO $$ DECLARE v_day date; v_parent text; v_name text; BEGIN
          FOR v_day IN SELECT date '2020-01-01' + n FROM generate_series(0, %d - 1) n LOOP
            FOREACH v_parent IN ARRAY ARRAY['event', 'dedupe'] LOOP
              v_name := v_parent || to_char(v_day, '_YYYYMMDD');
              EXECUTE format('CREATE TABLE carillon.%%I PARTITION OF carillon.%%I
                FOR VALUES FROM (%%L) TO (%%L)', v_name, v_parent, v_day, v_day + 1);
              EXECUTE format('ALTER TABLE carillon.%%I OWNER TO carillon_owner', v_name);
            END LOOP;
          END LOOP;
        END $$
        """
            .formatted(days));
  }

  /** Moves the events up to this seq to a day, as if they had been published then. */
  private static void move(LogDatabase database, LocalDate day, long seq) throws SQLException {
    database.run("UPDATE carillon.event SET day = '" + day + "' WHERE seq <= " + seq);
  }

  private static long partitions(LogDatabase database, String table) throws SQLException {
    return database.number(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'carillon." + table + "'::regclass");
  }
}
