package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Content;
import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.Publication;
import io.carillon.core.RoomName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bytes that SQL publishes come through the outbox as they are. */
class SqlBytesIT {
  private static final String PUBLISH = "SELECT carillon.publish_bytes(?, 'raw', ?)";

  private static LogDatabase database;
  private static LogInstance one;
  private static LogInstance two;
  private static OutboxRelay relay;

  @BeforeAll
  static void start() throws Exception {
    database = LogDatabase.migrated();
    one = new LogInstance(database);
    two = new LogInstance(database);
    relay = one.relay("one");
  }

  @AfterAll
  static void stop() {
    relay.close();
    two.close();
    one.close();
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static List<Content> contents(List<Event> events) {
    return events.stream().map(Event::content).toList();
  }

  @Test
  void bytesAndJsonGoTheSameWay() throws Exception {
    RoomName room = new RoomName("bytes:mixed");
    try (Connection connection = database.superuser().getConnection();
        PreparedStatement publish = connection.prepareStatement(PUBLISH);
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      publish.setString(1, room.value());
      for (int count : new int[] {256, 0, 65_536}) { // more than one line of base64, and the most
        publish.setBytes(2, bytes(count));
        publish.executeQuery().close();
        sql.execute("SELECT carillon.publish('bytes:mixed', 'json', '\"AAEC\"')");
      }
      connection.commit();
    }
    List<Event> events = Relayed.await(two.log(), room, 6);
    Content json = Content.json("\"AAEC\"");
    assertEquals(
        List.of(
            Content.bytes(bytes(256)),
            json,
            Content.bytes(new byte[0]),
            json,
            Content.bytes(bytes(65_536)),
            json),
        contents(events));
    assertEquals(events, one.committed(room), "as the relay tells it");
    assertEquals("sql:postgres", events.getFirst().by());
  }

  @Test
  void aPublicationOfTheServerMayBeBytes() throws Exception {
    RoomName room = new RoomName("bytes:bean");
    Content content = Content.bytes(bytes(300));
    try (Connection connection = database.app().getConnection()) {
      connection.setAutoCommit(false);
      Publication publication =
          new Publication(
              room, "k", true, new EventName("n"), content, "{\"a\":\"b\"}", "alice", null, null);
      assertEquals("k", TransactionOutbox.publish(connection, publication));
      connection.commit();
    }
    Event event = Relayed.await(two.log(), room, 1).getFirst();
    assertEquals(content, event.content());
    assertEquals("{\"a\":\"b\"}", event.meta());
    assertEquals("alice", event.by());
  }

  @Test
  void whatIsNotValidIsRefusedAtTheCall() throws Exception {
    database.run(
        "INSERT INTO carillon.namespace_settings (namespace, data_limit, updated_by)"
            + " VALUES ('small', 10, 'it')");
    assertEquals("", refusal("small:a", bytes(10)));
    assertTrue(refusal("small:a", bytes(11)).contains("too_large: data is larger than 10 bytes"));
    assertTrue(refusal("bytes:a", bytes(65_537)).contains("too_large"));
    assertTrue(refusal("bytes:a", null).contains("bad_data: data is missing"));
    assertTrue(refusal("a b", bytes(1)).contains("bad_room"));
    assertTrue(refusal("carillon:x", bytes(1)).contains("forbidden"));
  }

  private static String refusal(String room, byte[] bytes) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        PreparedStatement publish = connection.prepareStatement(PUBLISH)) {
      publish.setString(1, room);
      publish.setBytes(2, bytes);
      try (ResultSet row = publish.executeQuery()) {
        row.next();
        return "";
      } catch (SQLException refused) {
        return String.valueOf(refused.getMessage());
      }
    }
  }

  @Test
  void onlyPublishersMayCallIt() throws Exception {
    database.run("CREATE ROLE bytes_stranger LOGIN; GRANT carillon_publisher TO bytes_stranger");
    try (Connection connection = database.superuser().getConnection();
        Statement sql = connection.createStatement()) {
      sql.execute("SET SESSION AUTHORIZATION bytes_stranger");
      sql.execute("SELECT carillon.publish_bytes('bytes:role', 'n', '\\x0001')");
      SQLException refused =
          assertThrows(
              SQLException.class,
              () ->
                  sql.execute(
                      "SELECT carillon.publish_content('alice', 'r', 'n', '1', NULL, NULL, NULL)"));
      assertEquals("42501", refused.getSQLState());
      sql.execute("RESET SESSION AUTHORIZATION");
    }
    Event event = Relayed.await(one.log(), new RoomName("bytes:role"), 1).getFirst();
    assertEquals("sql:bytes_stranger", event.by());
    database.run("REVOKE carillon_publisher FROM bytes_stranger; DROP ROLE bytes_stranger");
  }

  /** Written past the functions; what comes behind it is published all the same. */
  @Test
  void whatIsNotOfItsEncodingIsPutAside() throws Exception {
    database.run(
        "INSERT INTO carillon.outbox (room, id, name, producer, data, encoding) VALUES"
            + " ('bytes:bad', 'a', 'n', 'u', 'AA', 1), ('bytes:bad', 'b', 'n', 'u', '?', 1),"
            + " ('bytes:bad', 'c', 'n', 'u', 'x', 7), ('bytes:bad', 'd', 'n', 'u', '1', NULL)");
    List<Event> events = Relayed.await(two.log(), new RoomName("bytes:bad"), 2);
    assertEquals(List.of("a", "d"), events.stream().map(Event::id).toList());
    assertEquals(List.of(Content.bytes(new byte[] {0}), Content.json("1")), contents(events));
    assertEquals(
        8,
        database.number(
            "SELECT sum(encoding) FROM carillon.outbox_rejected"
                + " WHERE room = 'bytes:bad' AND reason = 'data is not of its encoding'"));
  }
}
