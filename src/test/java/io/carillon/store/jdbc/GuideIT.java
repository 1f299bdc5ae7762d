package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Event;
import io.carillon.core.RoomName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code docs/guide.md} says of publishing by SQL. */
class GuideIT {
  private static LogDatabase database;
  private static LogInstance instance;
  private static OutboxRelay relay;
  private static String guide;

  @BeforeAll
  static void start() throws Exception {
    guide = Files.readString(Path.of("docs/guide.md"));
    database = LogDatabase.migrated();
    database.run(
        "CREATE SCHEMA shop; CREATE TABLE shop.orders (id int, state text);"
            + " INSERT INTO shop.orders VALUES (42, 'new')");
    instance = new LogInstance(database);
    relay = instance.relay("one");
  }

  @AfterAll
  static void stop() {
    relay.close();
    instance.close();
  }

  @BeforeEach
  void isInTheGuide() {
    assertTrue(guide.contains("### SQL\n"));
  }

  @Test
  void theTransactionInSqlPublishes() throws Exception {
    int begin = guide.indexOf("```sql\n") + 7;
    database.run(guide.substring(begin, guide.indexOf("```", begin)));
    Event event = Relayed.await(instance.log(), new RoomName("orders:42"), 1).getFirst();
    assertEquals("order.paid", event.name());
    assertEquals("{\"amount\": 12}", event.content().text());
    assertEquals("sql:postgres", event.by());
    assertEquals(1, database.number("SELECT count(*) FROM shop.orders WHERE state = 'paid'"));
  }

  @Test
  void theCallOverJdbcPublishes() throws Exception {
    try (Connection connection = database.superuser().getConnection()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 2; i++) { // the key makes the second one harmless
        // The next lines are those of the guide, but for the room.
        try (PreparedStatement publish =
            connection.prepareStatement("SELECT carillon.publish(?, ?, ?::jsonb, ?)")) {
          publish.setString(1, "orders:jdbc");
          publish.setString(2, "order.paid");
          publish.setString(3, "{\"amount\": 12}");
          publish.setString(4, "paid-42"); // the key: a retry is not published again
          publish.executeQuery().close();
        }
        connection.commit();
      }
      database.run("SELECT carillon.publish('orders:jdbc', 'last', '1')");
    }
    assertTrue(guide.contains("prepareStatement(\"SELECT carillon.publish(?, ?, ?::jsonb, ?)\")"));
    assertTrue(guide.contains("publish.executeQuery().close();"));
    assertEquals(List.of("order.paid", "last"), Relayed.names(instance.log(), "orders:jdbc", 2));
  }

  @Test
  void executeUpdateThrowsAndHasPublished() throws Exception {
    try (Connection connection = database.superuser().getConnection();
        Statement sql = connection.createStatement()) {
      String call = "SELECT carillon.publish('orders:update', 'order.paid', '1')";
      assertThrows(SQLException.class, () -> sql.executeUpdate(call));
    }
    Relayed.await(instance.log(), new RoomName("orders:update"), 1);
  }

  @Test
  void withoutTheCastThereIsNoSuchFunction() throws Exception {
    try (Connection connection = database.superuser().getConnection();
        PreparedStatement publish =
            connection.prepareStatement("SELECT carillon.publish(?, ?, ?)")) {
      publish.setString(1, "orders:cast");
      publish.setString(2, "order.paid");
      publish.setString(3, "1");
      assertEquals("42883", assertThrows(SQLException.class, publish::executeQuery).getSQLState());
    }
  }

  @Test
  void aCommitAfterACaughtExceptionProvesNothing() throws Exception {
    try (Connection connection = database.superuser().getConnection();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      sql.execute("SELECT carillon.publish('orders:caught', 'order.paid', '1')");
      SQLException refused =
          assertThrows(
              SQLException.class,
              () -> sql.execute("SELECT carillon.publish('orders:caught', 'a b', '1')"));
      assertEquals("22023", refused.getSQLState());
      assertTrue(refused.getMessage().startsWith("ERROR: bad_name: "), refused::getMessage);
      connection.commit(); // returns
    }
    database.run("SELECT carillon.publish('orders:caught', 'last', '1')");
    assertEquals(List.of("last"), Relayed.names(instance.log(), "orders:caught", 1));
  }
}
