package io.carillon.store.jdbc;

import static io.carillon.store.jdbc.LogInstance.appended;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RoomName;
import io.carillon.kit.PgBouncer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Between Carillon and the database there is a pooler. */
@Timeout(120)
class PoolerIT {
  private static final RoomName ROOM = new RoomName("pooled");

  private LogDatabase database;

  @BeforeEach
  void migrate() {
    database = LogDatabase.migrated();
  }

  private PGSimpleDataSource through(PgBouncer pooler) {
    PGSimpleDataSource source = database.app();
    source.setPortNumbers(new int[] {pooler.port()});
    return source;
  }

  @Test
  void inSessionModeItIsAsWithoutOne() throws Exception {
    try (PgBouncer pooler = PgBouncer.start(database.access(), "session")) {
      PGSimpleDataSource source = through(pooler);
      for (int i = 0; i < 3; i++) {
        assertDoesNotThrow(() -> SessionCheck.require(source));
      }
      try (LogInstance one = new LogInstance(source, LogSettings.DEFAULTS);
          OutboxRelay relay = one.relay("one")) {
        for (int i = 1; i <= 50; i++) {
          assertEquals(i, appended(one.publish(ROOM, "1")).seq());
        }
        database.run("SELECT carillon.publish('pooled', 'inside', '1')");
        while (one.committed(ROOM).size() < 51) {
          Thread.sleep(5);
        }
        assertTrue(relay.leading());
      }
    }
  }

  @Test
  void inTransactionModeItIsRefusedHoweverIdleItIs() throws Exception {
    try (PgBouncer pooler = PgBouncer.start(database.access(), "transaction")) {
      refuses(through(pooler));
    }
  }

  @Test
  void inTransactionModeItIsRefusedHoweverManySessionsItHas() throws Exception {
    try (PgBouncer pooler = PgBouncer.start(database.access(), "transaction")) {
      List<Connection> busy = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Connection connection = through(pooler).getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
          statement.execute("SELECT 1");
        }
        busy.add(connection);
      }
      for (Connection connection : busy) {
        connection.commit();
      }
      refuses(through(pooler));
      for (Connection connection : busy) {
        connection.close();
      }
    }
  }

  private static void refuses(PGSimpleDataSource source) {
    for (int i = 0; i < 3; i++) {
      IllegalStateException refusal =
          assertThrows(IllegalStateException.class, () -> SessionCheck.require(source));
      assertTrue(refusal.getMessage().contains("session mode"), refusal::getMessage);
    }
  }

  @Test
  void directlyItIsASession() {
    assertDoesNotThrow(() -> SessionCheck.require(database.app()));
  }

  @Test
  void anAppendLooksAtTheDurabilityOfItsOwnCommit() throws Exception {
    try (Connection connection = database.app().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
      SQLException refused =
          assertThrows(
              SQLException.class,
              () ->
                  statement.execute(
                      "SELECT * FROM carillon.append_at(ARRAY[1], NULL, NULL, ARRAY['a'],"
                          + " ARRAY['n'], ARRAY['u'], ARRAY['1'], NULL, ARRAY[0]::smallint[], NULL,"
                          + " ARRAY[false], true)"));
      assertEquals("55000", refused.getSQLState());
    }
  }
}
