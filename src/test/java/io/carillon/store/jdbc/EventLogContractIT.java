package io.carillon.store.jdbc;

import io.carillon.contract.EventLogContract;
import io.carillon.core.RoomName;
import io.carillon.core.spi.EventLog;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The log over PostgreSQL keeps the contract that the one in memory keeps. */
class EventLogContractIT extends EventLogContract {
  private static LogDatabase database;
  private static LogInstance one;
  private static LogInstance two;
  private static int days;

  @BeforeAll
  static void start() throws Exception {
    database = LogDatabase.migrated();
    one = new LogInstance(database);
    two = new LogInstance(database);
  }

  @AfterAll
  static void stop() {
    one.close();
    two.close();
  }

  @BeforeEach
  void listen() {
    one.log()
        .onCommit(
            (events, answer) -> {
              committed.addAll(events);
              answer.run();
            });
  }

  @Override
  protected EventLog here() {
    return one.log();
  }

  @Override
  protected EventLog there() {
    return two.log();
  }

  @Override
  protected void newEpoch(RoomName room) {
    run("UPDATE carillon.room_head SET timeline = timeline + 1 WHERE room_id = ", room);
  }

  @Override
  protected void removeUpTo(RoomName room, long seq) {
    // Retention removes whole days, and the day with them.
    LocalDate day = LocalDate.of(2020, 1, 1).plusDays(days++);
    String table = "carillon.event_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
    run(
        """
        CREATE TABLE %1$s (LIKE carillon.event INCLUDING ALL);
        ALTER TABLE carillon.event ATTACH PARTITION %1$s FOR VALUES FROM ('%2$s') TO ('%3$s');
        ALTER TABLE %1$s OWNER TO carillon_owner;
        UPDATE carillon.event SET day = '%2$s' WHERE seq <= %4$d AND room_id =
        """
            .formatted(table, day, day.plusDays(1), seq),
        room);
    try {
      new Retention(database.app(), Duration.ofDays(2)).run();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs what ends with the number of a room. */
  private static void run(String sql, RoomName room) {
    try {
      database.run(sql + "(SELECT room_id FROM carillon.room WHERE name = '" + room.value() + "')");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
