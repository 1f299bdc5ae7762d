package io.carillon.store.jdbc;

import static io.carillon.store.jdbc.LogInstance.appended;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.kit.AtLength;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * That what a publish and a look read does not grow with the versions of a hot room's head: of many
 * rooms at once, by who has never looked before, and when its row moves to another page.
 */
class HotHeadsIT {
  private static final RoomName ROOM = new RoomName("hot");
  private static final int TIMES = 50;

  /** The row has moved to another page about five times meanwhile. */
  private static final int PUBLISHES = 400;

  private LogDatabase database;

  @BeforeEach
  void migrate() throws Exception {
    database = LogDatabase.migrated();
    try (LogInstance one = new LogInstance(database)) {
      appended(one.publish(ROOM, "0"));
    }
  }

  @Test
  void aPublishCostsTheSameHoweverManyVersionsThereAre() throws Exception {
    long few = touched(500, this::publishes);
    long many = touched(20_000, this::publishes);
    // With a unique index each move looks at all pages with versions: 1,695 blocks, then 2,576.
    assertTrue(many - few <= PUBLISHES / 10, () -> few + " blocks, then " + many);
  }

  private void publishes() throws Exception {
    try (LogInstance one = new LogInstance(database)) {
      for (int i = 0; i < PUBLISHES; i++) {
        appended(one.publish(ROOM, "1"));
      }
    }
  }

  @Test
  void aLookAtFiveHundredRoomsTouchesAFewBlocksOfEach() throws Exception {
    List<RoomName> rooms = rooms(500);
    LogReader reader = new LogReader(database.app());
    Map<RoomName, Head> before = reader.heads(rooms);
    assertEquals(500, before.size());
    OldVersions.Load looks =
        () -> {
          for (int i = 0; i < 5; i++) {
            assertEquals(before, reader.heads(rooms));
          }
        };
    long few = touched(500, looks);
    long many = touched(OldVersions.SOME, looks);
    assertTrue(few / 5 <= 4 * 500 + 4, () -> few + " blocks");
    // By the key alone, all pages with versions of the hot room's row are read.
    assertTrue(many - few <= 5 * 8, () -> few + " blocks, then " + many);
  }

  @Test
  void firstLooksTouchAFewBlocks() throws Exception {
    long touched =
        touched(
            OldVersions.SOME,
            () -> {
              for (int i = 0; i < TIMES; i++) {
                LogReader fresh = new LogReader(database.app());
                assertEquals(1, fresh.heads(List.of(ROOM)).get(ROOM).seq());
                assertEquals(1, fresh.after(ROOM, 0, 10, 1 << 20).events().size());
                assertEquals(1, fresh.before(ROOM, 2, 10).events().size());
              }
            });
    assertTrue(touched / TIMES <= 3 * 4, () -> touched + " blocks");
  }

  @Test
  void firstPublishesTouchAFewBlocks() throws Exception {
    long touched =
        touched(
            OldVersions.SOME,
            () -> {
              for (int i = 0; i < TIMES; i++) {
                assertEquals(1, append(List.of(ROOM), i % 2 == 0));
              }
            });
    assertTrue(touched / TIMES <= 12, () -> touched + " blocks");
  }

  @AtLength
  @Test
  void batchesOfTwentyRoomsCostTheSameHoweverManyVersionsThereAre() throws Exception {
    for (boolean wait : new boolean[] {true, false}) {
      long few = batches(500, wait);
      long many = batches(OldVersions.SOME, wait);
      assertTrue(many - few <= 5 * TIMES, () -> few + " blocks, then " + many);
    }
  }

  private long batches(int versions, boolean wait) throws Exception {
    migrate(); // pages that were emptied since would be taken first
    List<RoomName> rooms = rooms(20);
    return touched(
        versions,
        () -> {
          for (int i = 0; i < TIMES; i++) {
            assertEquals(20, append(rooms, wait));
          }
        });
  }

  /** Else it moves to another page about each eightieth publish, until autovacuum comes. */
  @Test
  void theRowStaysOnItsPageWhereNothingKeepsItsVersions() throws Exception {
    database.run("ALTER TABLE carillon.room_head SET (autovacuum_enabled = off)");
    try (LogInstance one = new LogInstance(database)) {
      for (int i = 0; i < 1000; i++) {
        appended(one.publish(ROOM, "1"));
      }
    }
    long pages =
        database.number(
            "SELECT pg_relation_size('carillon.room_head')"
                + " / current_setting('block_size')::integer");
    assertTrue(pages <= 3, () -> pages + " pages");
  }

  /** Who publishes all tables of a database to a subscriber must still be able to write. */
  @Test
  void headsAreWrittenWhileAllTablesArePublished() throws Exception {
    database.run("CREATE PUBLICATION everything FOR ALL TABLES");
    try (LogInstance one = new LogInstance(database)) {
      assertEquals(2, appended(one.publish(ROOM, "1")).seq());
    }
  }

  @Test
  void aRoomHasOneHeadHoweverManyMakeItAtOnce() throws Exception {
    try (LogInstance one = new LogInstance(database);
        LogInstance two = new LogInstance(database)) {
      List<CompletableFuture<io.carillon.core.spi.AppendResult>> answers =
          IntStream.range(0, 400)
              .mapToObj(i -> (i % 2 == 0 ? one : two).publish(new RoomName("new:" + i / 4), "1"))
              .toList();
      for (CompletableFuture<io.carillon.core.spi.AppendResult> answer : answers) {
        appended(answer);
      }
    }
    assertEquals(101, database.number("SELECT count(*) FROM carillon.room_head"));
    assertEquals(101, database.number("SELECT count(DISTINCT room_id) FROM carillon.room_head"));
  }

  private List<RoomName> rooms(int count) throws Exception {
    List<RoomName> rooms =
        Stream.concat(
                Stream.of(ROOM),
                IntStream.range(1, count).mapToObj(i -> new RoomName("other:" + i)))
            .toList();
    try (LogInstance one = new LogInstance(database)) {
      for (RoomName room : rooms.subList(1, count)) {
        appended(one.publish(room, "0"));
      }
    }
    return rooms;
  }

  private long touched(int versions, OldVersions.Load load) throws Exception {
    return OldVersions.touched(database, "hot", versions, load);
  }

  /** Appends an event to each of these rooms in one call without places; how many were stored. */
  private int append(List<RoomName> rooms, boolean wait) throws SQLException {
    try (Connection connection = database.app().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                SELECT count(*) FILTER (WHERE a.outcome = 0)
                FROM (
                  SELECT array_agg(r.room_id) AS ids, array_agg(gen_random_uuid()::text) AS events,
                    count(*)::integer AS n
                  FROM carillon.room r WHERE r.name = ANY (?)) t,
                carillon.append_at(t.ids, NULL, NULL, t.events, array_fill('n'::text, ARRAY[t.n]),
                  array_fill('u'::text, ARRAY[t.n]), array_fill('1'::text, ARRAY[t.n]), NULL,
                  array_fill(0::smallint, ARRAY[t.n]), NULL, array_fill(false, ARRAY[t.n]), ?) a
                """)) {
      statement.setObject(1, rooms.stream().map(RoomName::value).toArray(String[]::new));
      statement.setBoolean(2, wait);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
