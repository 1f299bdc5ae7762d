package io.carillon.store.jdbc;

import static io.carillon.store.jdbc.LogInstance.appended;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.AppendResult.Appended;
import io.carillon.core.spi.LogPage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Epochs, retention and what readers see of them. */
class LogReadsIT {
  private static LogDatabase database;
  private static LogInstance one;

  @BeforeAll
  static void start() throws Exception {
    database = LogDatabase.migrated();
    one = new LogInstance(database);
  }

  @AfterAll
  static void stop() {
    one.close();
  }

  @Test
  void aRewoundLogBeginsANewEpochAndRemembersTheFork() throws Exception {
    RoomName room = new RoomName("epoch:fork");
    String first = publish(room, 3).epoch();
    // As after a failover: the same rows, written by another timeline.
    database.run("UPDATE carillon.room_head SET timeline = timeline + 1");
    String second = publish(room, 2).epoch();
    assertNotEquals(first, second);
    database.run("UPDATE carillon.room_head SET system_id = system_id + 1");
    String third = publish(room, 1).epoch();
    assertEquals(OptionalLong.of(3), one.log().fork(room, first));
    assertEquals(OptionalLong.of(5), one.log().fork(room, second));
    assertEquals(OptionalLong.empty(), one.log().fork(room, third));
    assertEquals(OptionalLong.empty(), one.log().fork(room, "0"));
    assertEquals(OptionalLong.empty(), one.log().fork(new RoomName("no:room"), first));
    LogPage page = one.log().after(room, 0, 10);
    assertEquals(new Head(third, 6, 0), page.head());
    assertEquals(
        List.of(first, first, first, second, second, third),
        page.events().stream().map(Event::epoch).toList());
  }

  @Test
  void aCopyOfTheDatabaseInTheSameClusterBeginsANewEpoch() throws Exception {
    LogDatabase own = LogDatabase.migrated();
    RoomName room = new RoomName("copied");
    String first;
    try (LogInstance before = new LogInstance(own)) {
      first = appended(before.publish(room, "1")).epoch();
      assertEquals(first, appended(before.publish(room, "2")).epoch());
    }
    String copy = own.name() + "_copy";
    database.run("CREATE DATABASE " + copy + " TEMPLATE " + own.name());
    PGSimpleDataSource restored = own.app();
    restored.setDatabaseName(copy);
    try (LogInstance after = new LogInstance(restored, LogSettings.DEFAULTS)) {
      Appended third = appended(after.publish(room, "3"));
      assertEquals(3, third.seq());
      assertNotEquals(first, third.epoch());
      assertEquals(third.epoch(), appended(after.publish(room, "4")).epoch());
      assertEquals(OptionalLong.of(2), after.log().fork(room, first));
    }
    try (LogInstance again = new LogInstance(own)) {
      assertEquals(first, appended(again.publish(room, "3")).epoch());
    }
  }

  @Test
  void theOperatorsCommandBeginsANewEpochEverywhere() throws Exception {
    LogDatabase own = LogDatabase.migrated();
    RoomName room = new RoomName("restored");
    try (LogInstance instance = new LogInstance(own)) {
      String before = appended(instance.publish(room, "1")).epoch();
      assertEquals(
          "42501", assertThrows(SQLException.class, () -> newEpoch(own.app())).getSQLState());
      newEpoch(own.owner());
      String after = instance.log().heads(List.of(room)).get(room).epoch();
      assertNotEquals(before, after);
      assertEquals(OptionalLong.of(1), instance.log().fork(room, before));
      assertEquals(after, appended(instance.publish(room, "2")).epoch());
    }
  }

  private static void newEpoch(javax.sql.DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT carillon.new_epoch()");
    }
  }

  @Test
  void retentionRaisesTheFloorAndRemovesWholeDays() throws Exception {
    LogDatabase own = LogDatabase.migrated();
    List<RoomName> rooms = new ArrayList<>();
    try (LogInstance instance = new LogInstance(own)) {
      for (int i = 0; i < 450; i++) {
        rooms.add(new RoomName("old:" + i));
      }
      List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
      for (RoomName room : rooms) {
        for (int i = 1; i <= 3; i++) {
          answers.add(instance.publish(room, Integer.toString(i)));
        }
      }
      for (CompletableFuture<AppendResult> answer : answers) {
        appended(answer);
      }
      // As if the first two had been published on the first day of 2020.
      own.run(
          """
          CREATE TABLE carillon.event_20200101 (LIKE carillon.event INCLUDING ALL);
          ALTER TABLE carillon.event ATTACH PARTITION carillon.event_20200101
            FOR VALUES FROM ('2020-01-01') TO ('2020-01-02');
          ALTER TABLE carillon.event_20200101 OWNER TO carillon_owner;
          UPDATE carillon.event SET day = '2020-01-01' WHERE seq <= 2;
          """);
      assertEquals(2, instance.log().after(rooms.getFirst(), 0, 10).events().size());
      assertEquals(1, instance.log().after(rooms.getFirst(), 2, 10).events().size());
      assertEquals(3, instance.log().before(rooms.getFirst(), 4, 10).events().size());
      Retention.RetentionReport report = new Retention(own.app(), Duration.ofDays(2)).run();
      assertEquals(List.of(java.time.LocalDate.of(2020, 1, 1)), report.emptied());
      assertEquals(0, own.number("SELECT count(*) FROM carillon.event WHERE seq <= 2"));
      Map<RoomName, Head> heads = instance.log().heads(rooms);
      for (RoomName room : rooms) {
        assertEquals(2, heads.get(room).floor());
        assertEquals(3, heads.get(room).seq());
      }
      LogPage page = instance.log().after(rooms.get(7), 0, 10);
      assertEquals(2, page.head().floor());
      assertEquals(List.of(3L), page.events().stream().map(Event::seq).toList());
      assertEquals(List.of(), new Retention(own.app(), Duration.ZERO).run().emptied());
      assertEquals(
          1,
          own.number(
              "SELECT count(*) FROM carillon.event WHERE seq = 3 AND room_id ="
                  + " (SELECT room_id FROM carillon.room WHERE name = 'old:7')"));
      new Migrator().migrate(own.owner());
      assertEquals(1, own.number("SELECT (to_regclass('carillon.event_20200101') IS NULL)::int"));
    }
  }

  @Test
  void aDayWhoseFloorsWereNotRaisedIsNotEmptied() throws Exception {
    LogDatabase own = LogDatabase.migrated();
    try (LogInstance instance = new LogInstance(own)) {
      appended(instance.publish(new RoomName("old"), "1"));
    }
    own.run(
        """
        CREATE TABLE carillon.event_20200101 (LIKE carillon.event INCLUDING ALL);
        ALTER TABLE carillon.event ATTACH PARTITION carillon.event_20200101
          FOR VALUES FROM ('2020-01-01') TO ('2020-01-02');
        ALTER TABLE carillon.event_20200101 OWNER TO carillon_owner;
        UPDATE carillon.event SET day = '2020-01-01';
        """);
    assertEquals(
        "55000",
        assertThrows(
                SQLException.class,
                () -> own.run("SELECT carillon.truncate_day('2020-01-01', interval '1 day')"))
            .getSQLState());
    assertEquals(
        "22023",
        assertThrows(
                SQLException.class,
                () -> own.run("SELECT carillon.truncate_day(carillon.today(), interval '0')"))
            .getSQLState());
  }

  @Test
  void manyHeadsComeInOneQuery() throws Exception {
    database.run(
        """
        WITH names AS (SELECT 'heads:' || i AS name FROM generate_series(1, 40000) i),
        made AS (INSERT INTO carillon.room (name) SELECT name FROM names RETURNING room_id)
        INSERT INTO carillon.room_head (room_id, seq, epoch, system_id, timeline, day)
        SELECT room_id, 5, 'abc', 1, 1, current_date FROM made;
        ANALYZE carillon.room, carillon.room_head;
        """);
    List<RoomName> rooms = new ArrayList<>();
    for (int i = 1; i <= 40_000; i++) {
      rooms.add(new RoomName("heads:" + i));
    }
    rooms.add(new RoomName("not:there"));
    one.log().heads(rooms);
    long start = System.nanoTime();
    Map<RoomName, Head> heads = one.log().heads(rooms);
    System.out.println("40,000 heads: " + (System.nanoTime() - start) / 1_000_000 + " ms");
    assertEquals(40_000, heads.size());
    assertEquals(new Head("abc", 5, 0), heads.get(rooms.getFirst()));
    assertTrue(one.log().heads(List.of()).isEmpty());
  }

  @Test
  void roomsAreListedByPrefixInOrder() throws Exception {
    for (String name :
        List.of("list:b", "list:a", "list:c", "list~", "lis:x", "list:A", "list:~~")) {
      appended(one.publish(new RoomName(name), "1"));
    }
    assertEquals(
        List.of("list:A", "list:a", "list:b", "list:c", "list:~~"),
        one.log().rooms("list:", "", 100).stream().map(RoomName::value).toList());
    assertEquals(
        List.of("list:b", "list:c"),
        one.log().rooms("list:", "list:a", 2).stream().map(RoomName::value).toList());
    List<String> all = one.log().rooms("", "", 1000).stream().map(RoomName::value).toList();
    assertEquals(all.stream().sorted(Comparator.naturalOrder()).toList(), all);
  }

  private static Appended publish(RoomName room, int events) throws Exception {
    Appended last = appended(one.publish(room, "1"));
    for (int i = 1; i < events; i++) {
      last = appended(one.publish(room, "1"));
    }
    return last;
  }
}
