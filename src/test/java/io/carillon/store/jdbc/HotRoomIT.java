package io.carillon.store.jdbc;

import static io.carillon.store.jdbc.LogInstance.appended;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult.Appended;
import io.carillon.kit.AtLength;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a publish of a hot room reads while an old snapshot keeps every version of its head. */
class HotRoomIT {
  private static final RoomName ROOM = new RoomName("hot");
  private static final int PUBLISHES = 200;

  /** Blocks of the heads' table and its index that a publish may touch, on the average. */
  private static final long MOST = 12;

  private LogDatabase database;

  @BeforeEach
  void migrate() throws Exception {
    database = LogDatabase.migrated();
  }

  @Test
  void onePublishAfterAnotherTouchesAFewBlocks() throws Exception {
    long touched =
        touchedUnderAnOldSnapshot(
            () -> {
              try (LogInstance one = new LogInstance(database)) {
                for (int i = 0; i < PUBLISHES; i++) {
                  appended(one.publish(ROOM, "1"));
                }
              }
            });
    assertTrue(touched / PUBLISHES <= MOST, () -> touched + " blocks");
  }

  @Test
  void twoInstancesInTurnTouchAFewBlocks() throws Exception {
    long touched =
        touchedUnderAnOldSnapshot(
            () -> {
              try (LogInstance one = new LogInstance(database);
                  LogInstance two = new LogInstance(database)) {
                for (int i = 0; i < PUBLISHES; i++) {
                  appended((i % 2 == 0 ? one : two).publish(ROOM, "1"));
                }
              }
            });
    assertTrue(touched / PUBLISHES <= MOST, () -> touched + " blocks");
  }

  @Test
  void keysAndSmallBatchesTouchAFewBlocks() throws Exception {
    long touched =
        touchedUnderAnOldSnapshot(
            () -> {
              try (LogInstance one = new LogInstance(database)) {
                for (int i = 0; i < PUBLISHES; i++) {
                  List<CompletableFuture<?>> answers = new ArrayList<>();
                  answers.add(one.publish(ROOM, "key " + i, "1"));
                  answers.add(one.publish(ROOM, "2"));
                  answers.add(one.publish(ROOM, "key " + i, "1"));
                  CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).join();
                }
              }
            });
    assertTrue(touched / PUBLISHES <= 4 * MOST, () -> touched + " blocks");
  }

  @AtLength
  @Test
  void pagesAndHeadsOfAnotherInstanceTouchAFewBlocks() throws Exception {
    LogReader reader = new LogReader(database.app());
    try (LogInstance one = new LogInstance(database)) {
      appended(one.publish(ROOM, "1"));
    }
    assertEquals(1, reader.after(ROOM, 0, 10).events().size());
    long touched =
        touchedUnderAnOldSnapshot(
            () -> {
              try (LogInstance one = new LogInstance(database)) {
                for (int i = 0; i < PUBLISHES; i++) {
                  long last = appended(one.publish(ROOM, "1")).seq();
                  assertEquals(last, reader.after(ROOM, last - 1, 10).events().getFirst().seq());
                  assertEquals(last, reader.heads(List.of(ROOM)).get(ROOM).seq());
                  assertEquals(last, reader.before(ROOM, last + 1, 1).events().getFirst().seq());
                }
              }
            });
    assertTrue(touched / PUBLISHES <= 3 * MOST, () -> touched + " blocks");
  }

  @Test
  void looksAtSeveralHeadsTouchAFewBlocks() throws Exception {
    RoomName other = new RoomName("other");
    List<RoomName> both = List.of(ROOM, other);
    LogReader reader = new LogReader(database.app());
    try (LogInstance one = new LogInstance(database)) {
      appended(one.publish(other, "1"));
      appended(one.publish(ROOM, "1"));
    }
    Map<RoomName, Head> before = reader.heads(both);
    long touched =
        touchedUnderAnOldSnapshot(
            () -> {
              for (int i = 0; i < PUBLISHES; i++) {
                Map<RoomName, Head> heads = reader.heads(both);
                assertEquals(before.get(other), heads.get(other));
                assertEquals(before.get(ROOM).seq() + 1, heads.get(ROOM).seq());
              }
            });
    assertTrue(touched / PUBLISHES <= 2 * MOST, () -> touched + " blocks");
  }

  @AtLength
  @Test
  void relayedEventsTouchAFewBlocks() throws Exception {
    long touched =
        touchedUnderAnOldSnapshot(
            () -> {
              try (RelaySession relay =
                  RelaySession.open(
                      database.app(), LogSettings.DEFAULTS, new Notices("test"), "test")) {
                assertTrue(relay.lease(30));
                long last = 0;
                for (int i = 0; i < PUBLISHES; i++) {
                  assertTrue(relay.lease(30));
                  database.run("SELECT carillon.publish('hot', 'n', '1'::jsonb)");
                  List<OutboxRow> rows = relay.scan(last, 10, new long[0]).rows();
                  last = rows.getLast().number();
                  assertEquals(1, relay.move(rows).events().size());
                }
              }
            });
    assertTrue(touched / PUBLISHES <= 2 * MOST, () -> touched + " blocks");
  }

  private long touchedUnderAnOldSnapshot(OldVersions.Load load) throws Exception {
    try (LogInstance one = new LogInstance(database)) {
      appended(one.publish(ROOM, "0"));
    }
    return OldVersions.touched(database, "hot", OldVersions.SOME, load);
  }

  @Test
  void aPlaceThatIsWrongIsOnlyAHint() throws Exception {
    RoomName other = new RoomName("other");
    try (LogInstance one = new LogInstance(database)) {
      appended(one.publish(ROOM, "1"));
      appended(one.publish(other, "1"));
    }
    for (boolean single : new boolean[] {true, false}) {
      for (String place : List.of("(0,1)", "(0,2)", "(0,77)", "(4000000,5)")) {
        long before = head();
        assertNotNull(append(place, single));
        assertEquals(before + (single ? 1 : 2), head(), place);
      }
    }
    assertEquals(
        1,
        database.number(
            "SELECT seq FROM carillon.room_head JOIN carillon.room"
                + " USING (room_id) WHERE name = 'other'"));
  }

  private long head() throws SQLException {
    return database.number(
        "SELECT seq FROM carillon.room_head JOIN carillon.room USING (room_id) WHERE name = 'hot'");
  }

  private String append(String place, boolean single) throws SQLException {
    int n = single ? 1 : 2;
    try (Connection connection = database.app().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT place FROM carillon.append_at(array_fill((SELECT room_id FROM carillon.room"
                    + " WHERE name = 'hot'), ARRAY[?]), array_fill(?::text, ARRAY[?]), NULL,"
                    + " ARRAY[gen_random_uuid()::text, gen_random_uuid()::text],"
                    + " array_fill('n'::text, ARRAY[2]), array_fill('u'::text, ARRAY[2]),"
                    + " array_fill('1'::text, ARRAY[2]), NULL, array_fill(0::smallint, ARRAY[2]),"
                    + " NULL, array_fill(false, ARRAY[2]), true)")) {
      statement.setInt(1, n);
      statement.setString(2, place);
      statement.setInt(3, n);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  @Test
  void manyRoomsAndFewOnesByTwoInstancesKeepTheirOrder() throws Exception {
    try (LogInstance one = new LogInstance(database);
        LogInstance two = new LogInstance(database)) {
      List<CompletableFuture<io.carillon.core.spi.AppendResult>> answers = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        int rooms = i < 1000 ? 3 : 40;
        answers.add((i % 2 == 0 ? one : two).publish(new RoomName("many:" + i % rooms), "1"));
        if (i % 7 == 0) {
          appended(answers.getLast());
        }
      }
      for (CompletableFuture<io.carillon.core.spi.AppendResult> answer : answers) {
        Appended done = appended(answer);
        assertTrue(done.seq() > 0);
      }
      for (int room : IntStream.range(0, 40).toArray()) {
        RoomName name = new RoomName("many:" + room);
        List<Long> seqs =
            one.log().after(name, 0, 1000).events().stream().map(e -> e.seq()).toList();
        assertEquals(
            java.util.stream.LongStream.rangeClosed(1, seqs.size()).boxed().toList(), seqs);
      }
    }
    assertEquals(2000, database.number("SELECT count(*) FROM carillon.event"));
  }
}
