package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Cursor;
import io.carillon.core.Event;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogPage;
import io.carillon.kit.AtLength;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reads of a log of 400 days. */
class LogDaysIT {
  private static final int DAYS = 400;
  private static final LocalDate FIRST = LocalDate.of(2020, 1, 1);
  private static final LocalDate LAST = FIRST.plusDays(DAYS - 1);

  private static LogDatabase database;
  private static LogReader reader;

  @BeforeAll
  static void start() throws Exception {
    database = LogDatabase.migrated();
    RetentionIT.days(database, DAYS);
    reader = new LogReader(database.app());
  }

  @Test
  void aPageTouchesTheDaysThatItNeeds() throws Exception {
    room("plan", 400, 0, seq -> seq - 1);
    assertTrue(ofPage(Days.latest(LAST)) <= 10, "the latest");
    assertTrue(ofPage(Days.from(LocalDate.of(2020, 3, 1))) <= 10, "a replay");
    assertTrue(ofPage(Days.ALL) > DAYS, "the test sees what is touched");
  }

  @Test
  void aMomentTouchesItsDayAndTheNeighbours() throws Exception {
    room("moment", 400, 0, seq -> seq - 1);
    assertTrue(ofMoment(Days.around(LocalDate.of(2020, 3, 1))) <= 3 * 3, "within the log");
    assertEquals(0, ofMoment(Days.around(LocalDate.of(1990, 3, 1))), "before what is retained");
    assertTrue(ofMoment(Days.since(FIRST)) > DAYS, "the test sees what is touched");
  }

  private static long ofPage(Days days) throws SQLException {
    return touched(
        LogPages.AFTER,
        explain -> {
          explain.setString(1, "plan");
          explain.setLong(2, 17);
          explain.setObject(3, days.first());
          explain.setObject(4, days.last());
          explain.setInt(5, 100);
          explain.setInt(6, 1 << 20);
        });
  }

  private static long ofMoment(Days days) throws SQLException {
    Instant noon = days.first().atTime(12, 0).toInstant(ZoneOffset.UTC);
    return touched(
        LogMoments.AT, explain -> LogMoments.bind(explain, new RoomName("moment"), noon, days));
  }

  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private static long touched(String sql, Binding binding) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = database.app().getConnection();
        PreparedStatement explain = connection.prepareStatement("EXPLAIN " + sql)) {
      binding.bind(explain);
      try (ResultSet lines = explain.executeQuery()) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
    }
    return Pattern.compile(" on event_\\d{8}").matcher(plan).results().count();
  }

  /** Rooms that are busy, sparse, or silent for a year, and any place to read from. */
  @Test
  @AtLength
  void everyPageIsRightWhereverTheEventsAre() throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    for (int round = 0; round < 4; round++) {
      String name = "days:" + round;
      int events = 1 + random.nextInt(60);
      int floor = random.nextInt(4) == 0 ? random.nextInt(events) : 0;
      int[] day = new int[events + 1];
      int at = random.nextInt(DAYS);
      for (int seq = 1; seq <= events; seq++) {
        at = Math.min(DAYS - 1, at + random.nextInt(3) * random.nextInt(3) * random.nextInt(20));
        day[seq] = at;
      }
      room(name, events, floor, seq -> day[(int) seq]);
      RoomName room = new RoomName(name);
      for (int read = 0; read < 6; read++) {
        long bound = random.nextInt(events + 3);
        int limit = 1 + random.nextInt(20);
        LogPage before = reader.before(room, bound, limit);
        long top = Math.min(bound - 1, events);
        assertEquals(
            LongStream.rangeClosed(Math.max(top - limit + 1, floor + 1), top).boxed().toList(),
            seqs(before),
            () -> name + " before " + bound);
        assertEquals(events, before.head().seq());
        replay(room, bound, Math.max(bound, floor) + 1, events, limit);
      }
      assertEquals(events - floor, reader.before(room, Long.MAX_VALUE, 1000).events().size());
      moments(room, random);
    }
  }

  /** Any moment, and those of events. */
  private static void moments(RoomName room, RandomGenerator random) {
    LogPage all = reader.before(room, Long.MAX_VALUE, 1000);
    List<Event> events = all.events();
    for (int i = 0; i < 20; i++) {
      Instant moment =
          i % 2 == 0
              ? events.get(random.nextInt(events.size())).at().plusNanos(random.nextInt(-1, 2))
              : time(random.nextLong(DAYS + 20) - 10, random.nextLong(100_000));
      long before = events.stream().filter(event -> event.at().isBefore(moment)).count();
      assertEquals(
          new Cursor(all.head().epoch(), all.head().floor() + before),
          reader.at(room, moment),
          () -> room + " at " + moment);
    }
  }

  private static Instant time(long day, long seconds) {
    return FIRST.plusDays(day).atStartOfDay().plusSeconds(seconds).toInstant(ZoneOffset.UTC);
  }

  /** Reads on and on, as a reader that catches up. */
  private static void replay(RoomName room, long after, long first, long last, int limit) {
    long next = first;
    long cursor = after;
    while (next <= last) {
      List<Long> page = seqs(reader.after(room, cursor, limit));
      assertTrue(!page.isEmpty() && page.size() <= limit, () -> "a page of " + room);
      assertEquals(LongStream.range(next, next + page.size()).boxed().toList(), page);
      next += page.size();
      cursor = next - 1;
    }
    assertEquals(List.of(), reader.after(room, last, limit).events());
  }

  private static List<Long> seqs(LogPage page) {
    return page.events().stream().map(Event::seq).toList();
  }

  private interface DayOf {
    long day(long seq);
  }

  /** A room with events on these days; what is not above the floor is gone. */
  private static void room(String name, int events, int floor, DayOf dayOf) throws SQLException {
    database.run("SELECT carillon.make_rooms(ARRAY['" + name + "'])");
    String id = "(SELECT room_id FROM carillon.room WHERE name = '" + name + "')";
    StringBuilder rows = new StringBuilder();
    for (int seq = floor + 1; seq <= events; seq++) {
      LocalDate day = FIRST.plusDays(dayOf.day(seq));
      rows.append(seq == floor + 1 ? "" : ",")
          .append(
              "(%s, %d, '%s', '%s', 'e', 'i%d', 'n', 'p', '1')"
                  .formatted(id, seq, time(dayOf.day(seq), seq * 200L), day, seq));
    }
    database.run(
        "INSERT INTO carillon.event (room_id, seq, created, day, epoch, id, name, producer, data)"
            + " VALUES "
            + rows);
    database.run(
        "UPDATE carillon.room_head SET seq = %d, floor_seq = %d, day = '%s' WHERE room_id = %s"
            .formatted(events, floor, FIRST.plusDays(dayOf.day(events)), id));
  }
}
