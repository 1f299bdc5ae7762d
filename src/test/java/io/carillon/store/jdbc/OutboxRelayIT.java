package io.carillon.store.jdbc;

import static io.carillon.store.jdbc.LogInstance.appended;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Event;
import io.carillon.core.RoomName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Publishing inside transactions: what G15 promises. */
class OutboxRelayIT {
  private static LogDatabase database;
  private static LogInstance instance;
  private static OutboxRelay relay;

  @BeforeAll
  static void start() throws Exception {
    database = LogDatabase.migrated();
    instance = new LogInstance(database);
    relay = instance.relay("one");
  }

  @AfterAll
  static void stop() {
    relay.close();
    instance.close();
  }

  @Test
  void whatWasCommittedIsInTheLogOnceAndWhatWasRolledBackNever() throws Exception {
    RoomName room = new RoomName("tx:both");
    try (Connection connection = database.superuser().getConnection();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      sql.execute("SELECT carillon.publish('tx:both', 'never', '{\"a\": 1}')");
      connection.rollback();
      sql.execute(
          "SELECT carillon.publish('tx:both', 'once', '{\"a\": 2}', 'my key', '{\"m\": \"x\"}')");
      long start = System.nanoTime();
      connection.commit();
      List<Event> events = await(room, 1);
      assertTrue(System.nanoTime() - start < 1_000_000_000L, "within a second");
      Event event = events.getFirst();
      assertEquals("once", event.name());
      assertEquals("{\"a\": 2}", event.content().text());
      assertEquals("my key", event.id());
      assertEquals("{\"m\": \"x\"}", event.meta());
      assertEquals("sql:postgres", event.by());
      sql.execute("SELECT carillon.publish('tx:both', 'again', '1', 'my key')");
      sql.execute("SELECT carillon.publish('tx:both', 'next', '1')");
      connection.commit();
      assertEquals(List.of("once", "next"), await(room, 2).stream().map(Event::name).toList());
      assertEquals(events.getFirst(), instance.committed(room).getFirst());
    }
  }

  @Test
  void anOpenTransactionDelaysNobody() throws Exception {
    RoomName room = new RoomName("tx:open");
    try (Connection slow = database.superuser().getConnection();
        Statement sql = slow.createStatement()) {
      slow.setAutoCommit(false);
      sql.execute("SELECT carillon.publish('tx:open', 'slow', '1')");
      long worst = 0;
      for (int i = 0; i < 50; i++) {
        long start = System.nanoTime();
        appended(instance.publish(room, "1"));
        worst = Math.max(worst, System.nanoTime() - start);
        publishAlone("tx:open");
      }
      assertTrue(worst < 1_000_000_000L, "slowest publish took " + worst / 1_000_000 + " ms");
      await(room, 100);
      slow.commit();
    }
    assertEquals("slow", await(room, 101).getLast().name());
  }

  @Test
  void twoRoomsInTwoOrdersNeverDeadlock() throws Exception {
    int rounds = 60;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (String[] order : new String[][] {{"dl:a", "dl:b"}, {"dl:b", "dl:a"}}) {
        done.add(
            threads.submit(
                () -> {
                  try (Connection connection = database.superuser().getConnection();
                      Statement sql = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    for (int i = 0; i < rounds; i++) {
                      sql.execute("SELECT carillon.publish('" + order[0] + "', 'x', '1')");
                      appended(instance.publish(new RoomName(order[1]), "1"));
                      sql.execute("SELECT carillon.publish('" + order[1] + "', 'x', '1')");
                      connection.commit();
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : done) {
        one.get(60, SECONDS);
      }
    }
    await(new RoomName("dl:a"), 3 * rounds);
    await(new RoomName("dl:b"), 3 * rounds);
  }

  @Test
  void theOrderIsThatOfRowLocksNotOfInserts() throws Exception {
    database.run("CREATE TABLE orders (id int PRIMARY KEY, state text)");
    int rounds = 20;
    for (int i = 0; i < rounds; i++) {
      database.run("INSERT INTO orders VALUES (" + i + ", 'new')");
      try (Connection shipping = database.superuser().getConnection();
          Connection paying = database.superuser().getConnection();
          Statement ship = shipping.createStatement();
          Statement pay = paying.createStatement();
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        shipping.setAutoCommit(false);
        paying.setAutoCommit(false);
        pay.execute("UPDATE orders SET state = 'paid' WHERE id = " + i);
        // As with JPA: the publish comes before the row lock, which then has to wait.
        ship.execute("SELECT carillon.publish('orders:s6', 'shipped', '" + i + "')");
        CountDownLatch begun = new CountDownLatch(1);
        int order = i;
        Future<?> shipped =
            threads.submit(
                () -> {
                  begun.countDown();
                  ship.execute("UPDATE orders SET state = 'shipped' WHERE id = " + order);
                  shipping.commit();
                  return null;
                });
        begun.await();
        pay.execute("SELECT carillon.publish('orders:s6', 'paid', '" + i + "')");
        paying.commit();
        shipped.get(20, SECONDS);
      }
      assertEquals(
          1, database.number("SELECT count(*) FROM orders WHERE state = 'shipped' AND id = " + i));
    }
    List<String> names =
        await(new RoomName("orders:s6"), 2 * rounds).stream().map(Event::name).toList();
    for (int i = 0; i < rounds; i++) {
      assertEquals(List.of("paid", "shipped"), names.subList(2 * i, 2 * i + 2));
    }
  }

  @Test
  void aRowThatCanNeverBePublishedIsPutAside() throws Exception {
    RoomName room = new RoomName("tx:poison");
    long before = relay.rejected();
    try (Connection connection = database.superuser().getConnection();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 20; i++) {
        publish(sql, "tx:poison");
        if (i == 7) { // past every check, by an administrator's hand: no index can hold this key
          sql.execute(
              "INSERT INTO carillon.outbox (room, id, name, producer, data) SELECT 'tx:poison',"
                  + " string_agg(md5(i::text), ''), 'x', 'p', '1' FROM generate_series(1, 300) i");
          sql.execute(
              "INSERT INTO carillon.outbox (room, id, name, producer, data)"
                  + " VALUES ('not a room', 'k', 'x', 'p', '1')");
        }
      }
      connection.commit();
    }
    assertEquals(dense(20), await(room, 20).stream().map(Event::seq).toList());
    assertEquals(before + 2, relay.rejected());
    assertEquals(2, database.number("SELECT count(*) FROM carillon.outbox_rejected"));
  }

  @Test
  void aNumberThatBecomesVisibleLateIsNotSkipped() throws Exception {
    RoomName room = new RoomName("tx:late");
    database.run(
        """
        CREATE TABLE gate (i int);
        CREATE FUNCTION at_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON gate DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION at_the_gate();
        """);
    try (Connection late = database.superuser().getConnection();
        Connection keeper = database.superuser().getConnection();
        Statement sql = late.createStatement();
        Statement keys = keeper.createStatement()) {
      keys.execute("SELECT pg_advisory_lock(42)");
      late.setAutoCommit(false);
      publish(sql, "tx:late");
      sql.execute("INSERT INTO gate VALUES (1)");
      CompletableFuture<Void> committed =
          CompletableFuture.runAsync( // takes its number and waits at the gate
              () -> {
                try {
                  late.commit();
                } catch (SQLException failed) {
                  throw new IllegalStateException(failed);
                }
              });
      long end = System.nanoTime() + 20_000_000_000L;
      String waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
      while (database.number(waiting) == 0) {
        assertTrue(System.nanoTime() < end, "the commit did not come to the gate");
      }
      for (int i = 0; i < 30; i++) {
        publishAlone("tx:late");
      }
      await(room, 30);
      keys.execute("SELECT pg_advisory_unlock(42)");
      committed.get(20, SECONDS);
      long start = System.nanoTime();
      await(room, 31);
      assertTrue(System.nanoTime() - start < 1_000_000_000L, "within a second");
    }
  }

  @Test
  void aLockedRoomWaitsAloneAndInOrder() throws Exception {
    RoomName locked = new RoomName("tx:locked");
    publishAlone("tx:locked");
    await(locked, 1);
    try (Lock lock = new Lock(database, locked)) {
      lock.assertHeld();
      for (int i = 0; i < 10; i++) {
        publishAlone("tx:locked");
        publishAlone("tx:free");
      }
      await(new RoomName("tx:free"), 10);
    }
    List<Event> events = await(locked, 11);
    List<Long> numbers = new ArrayList<>();
    events.forEach(event -> numbers.add(Long.parseLong(event.content().text())));
    assertEquals(numbers.stream().sorted().toList(), numbers);
  }

  @Test
  void aLongQueueOfALockedRoomIsNotOvertaken() throws Exception {
    RoomName locked = new RoomName("tx:queue");
    publishAlone("tx:queue");
    await(locked, 1);
    int before = 600;
    int after = 300;
    try (Connection connection = database.superuser().getConnection();
        Statement sql = connection.createStatement()) {
      try (Lock lock = new Lock(database, locked)) {
        for (int i = 0; i < before; i++) {
          publish(sql, "tx:queue");
        }
        publish(sql, "tx:queue-seen"); // is read after all of them
        await(new RoomName("tx:queue-seen"), 1);
        lock.assertHeld();
      }
      for (int i = 0; i < after; i++) {
        publish(sql, "tx:queue");
      }
    }
    List<Long> numbers = new ArrayList<>();
    await(locked, 1 + before + after)
        .forEach(event -> numbers.add(Long.parseLong(event.content().text())));
    assertEquals(numbers.stream().sorted().toList(), numbers);
  }

  @Test
  void theFunctionChecksAtTheCall() throws Exception {
    database.run(
        "DO $$ BEGIN IF to_regrole('some_app') IS NULL THEN CREATE ROLE some_app LOGIN PASSWORD"
            + " 'p'; END IF; END $$; GRANT carillon_publisher TO some_app; GRANT CONNECT ON"
            + " DATABASE "
            + database.name()
            + " TO some_app");
    try (Connection connection = database.as("some_app", "p").getConnection();
        Statement sql = connection.createStatement()) {
      for (String arguments :
          List.of(
              "'a b', 'n', '1'",
              "'', 'n', '1'",
              "'..', 'n', '1'",
              "'" + "r".repeat(201) + "', 'n', '1'",
              "null, 'n', '1'",
              "'r', 'a b', '1'",
              "'r', 'carillon:x', '1'",
              "'r', null, '1'",
              "'r', 'n', null",
              "'r', 'n', to_jsonb(repeat('x', 65536))",
              "'r', 'n', '1', ''",
              "'r', 'n', '1', repeat('k', 129)",
              "'r', 'n', '1', 'schlüssel'",
              "'r', 'n', '1', 'k', '[1]'",
              "'r', 'n', '1', 'k', '{\"a\": 1}'",
              "'r', 'n', '1', 'k', jsonb_build_object('a', repeat('x', 1024))",
              "'carillon:instances', 'n', '1'")) {
        assertThrows(
            SQLException.class,
            () -> sql.execute("SELECT carillon.publish(" + arguments + ")"),
            arguments);
      }
      sql.execute("SELECT carillon.publish('tx:app', 'n', to_jsonb(repeat('x', 65000)))");
      for (String forbidden :
          List.of(
              "SELECT carillon.publish_as('alice', 'r', 'n', '1')",
              "SELECT * FROM carillon.outbox",
              "INSERT INTO carillon.outbox (room, id, name, producer, data)"
                  + " VALUES ('r', 'i', 'n', 'alice', '1')",
              "SELECT * FROM carillon.event")) {
        assertEquals(
            "42501",
            assertThrows(SQLException.class, () -> sql.execute(forbidden), forbidden)
                .getSQLState());
      }
    }
    assertEquals("sql:some_app", await(new RoomName("tx:app"), 1).getFirst().by());
  }

  @Test
  void aPublicationOfTheServerKeepsItsTextAndItsUser() throws Exception {
    RoomName room = new RoomName("tx:bean");
    String text = "{ \"b\":1,\"a\" : 1.0 }";
    try (Connection connection = database.app().getConnection()) {
      connection.setAutoCommit(false);
      String id =
          TransactionOutbox.publish(
              connection, LogInstance.publication(room, "bean key", true, text));
      assertEquals("bean key", id);
      connection.commit();
      relay.wake();
    }
    Event event = await(room, 1).getFirst();
    assertEquals(text, event.content().text());
    assertEquals("alice", event.by());
  }

  @Test
  void twoRelaysNeverDoubleAndNeverLose() throws Exception {
    LogDatabase own = LogDatabase.migrated();
    int events = 600;
    try (LogInstance one = new LogInstance(own);
        LogInstance two = new LogInstance(own);
        OutboxRelay first = one.relay("first");
        OutboxRelay second = two.relay("second")) {
      CompletableFuture<Void> thief =
          CompletableFuture.runAsync(
              () -> {
                try { // a frozen holder that awakes: the lease changes hands all the time
                  for (int i = 0; i < 60; i++) {
                    own.run(
                        "UPDATE carillon.relay_lease SET holder = CASE holder WHEN 'first' THEN"
                            + " 'second' ELSE 'first' END, until = now() + interval '4 s'");
                    own.run(
                        "SELECT carillon.relay('second', ARRAY(SELECT number FROM carillon.outbox"
                            + " WHERE room IN (SELECT name FROM carillon.room)))");
                  }
                } catch (SQLException failed) {
                  throw new IllegalStateException(failed);
                }
              });
      try (Connection connection = own.superuser().getConnection();
          Statement sql = connection.createStatement()) {
        for (int i = 0; i < events; i++) {
          sql.execute("SELECT carillon.publish('many', 'x', '" + i + "')");
        }
      }
      thief.get(60, SECONDS);
      RoomName room = new RoomName("many");
      List<Event> all = await(one.log(), room, events);
      assertEquals(dense(events), all.stream().map(Event::seq).toList());
      Set<String> ids = new HashSet<>();
      all.forEach(event -> assertTrue(ids.add(event.id()), "doubled"));
      assertTrue(first.relayed() + second.relayed() <= events);
    }
  }

  @Test
  void anotherInstanceTakesOver() throws Exception {
    LogDatabase own = LogDatabase.migrated();
    try (LogInstance one = new LogInstance(own);
        LogInstance two = new LogInstance(own)) {
      OutboxRelay first = one.relay("first");
      own.run("SELECT carillon.publish('over', 'x', '1')");
      await(two.log(), new RoomName("over"), 1);
      try (OutboxRelay second = two.relay("second")) {
        first.close();
        own.run("SELECT carillon.publish('over', 'x', '2')");
        await(two.log(), new RoomName("over"), 2);
        assertTrue(second.leading());
      }
    }
  }

  private static void publish(Statement sql, String room) throws SQLException {
    sql.execute(
        "SELECT carillon.publish('"
            + room
            + "', 'x', to_jsonb((SELECT last_value FROM carillon.outbox_number)))");
  }

  private static void publishAlone(String room) throws SQLException {
    database.run(
        "SELECT carillon.publish('"
            + room
            + "', 'x', to_jsonb((SELECT last_value FROM carillon.outbox_number)))");
  }

  private static List<Event> await(RoomName room, int events) {
    return Relayed.await(instance.log(), room, events);
  }

  private static List<Event> await(JdbcEventLog log, RoomName room, int events) {
    return Relayed.await(log, room, events);
  }

  private static List<Long> dense(int n) {
    return LongStream.rangeClosed(1, n).boxed().toList();
  }
}
