package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.Health;
import io.carillon.kit.ContainerArchive;
import io.carillon.kit.InContainer;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishing inside the container's transactions: with them, or not at all. */
@InContainer
class TransactionalPublisherIT {
  private static final Duration PROMISED = Duration.ofSeconds(1);

  private static final Duration START = Duration.ofMinutes(2);

  /** What the server's configuration gives to {@code jdbc/carillon}. */
  private static final int APPLICATION_POOL = 16;

  /** A machine that does ten things at once is given more than the promise of an idle one. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Inject TransactionalPublisher publisher;
  @Inject EventLog log;
  @Inject UserTransaction transaction;
  @Inject Health health;

  @Resource(lookup = "jdbc/carillon")
  DataSource database;

  private final RoomName room = new RoomName("tx:" + UUID.randomUUID());

  @Deployment
  static WebArchive application() {
    return ContainerArchive.with(TransactionalPublisherIT.class);
  }

  /** The application is deployed before its database is migrated. */
  @BeforeEach
  void started() {
    Instant begun = Instant.now();
    while (!health.started()) {
      assertTrue(Duration.between(begun, Instant.now()).compareTo(START) < 0, "it does not start");
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Test
  void whatIsCommittedIsInTheLogOnceAndInOrder() throws Exception {
    transaction.begin();
    String first = publisher.publish(room.value(), "paid", Map.of("amount", 7));
    String second = publisher.publishJson(room.value(), "shipped", "{ \"n\" : 1.0 }", "k-1", null);
    assertEquals(List.of(), log.after(room, 0, 10).events());
    transaction.commit();

    List<Event> events = events(2);

    assertEquals("k-1", second);
    assertNotNull(UUID.fromString(first));
    assertEquals(List.of(first, second), events.stream().map(Event::id).toList());
    assertEquals(List.of("paid", "shipped"), events.stream().map(Event::name).toList());
    assertEquals("{\"amount\":7}", events.get(0).content().text());
    assertEquals("{ \"n\" : 1.0 }", events.get(1).content().text());
    assertEquals(TransactionalPublisher.PUBLISHER, events.get(0).by());
  }

  @Test
  void bytesStayBytes() throws Exception {
    transaction.begin();
    publisher.publish(room.value(), "raw", new byte[] {0, -1});
    publisher.publishBytes(room.value(), "keyed", new byte[0], "k", "{\"a\":\"b\"}");
    transaction.commit();

    List<Event> events = events(2);

    assertEquals(Content.bytes(new byte[] {0, -1}), events.get(0).content());
    assertEquals(Content.bytes(new byte[0]), events.get(1).content());
    assertEquals("k", events.get(1).id());
    assertEquals("{\"a\":\"b\"}", events.get(1).meta());
  }

  @Test
  void whatIsRolledBackWasNeverPublished() throws Exception {
    transaction.begin();
    publisher.publish(room.value(), "paid", 1);
    transaction.rollback();
    transaction.begin();
    publisher.publish(room.value(), "later", 2);
    transaction.commit();

    assertEquals(List.of("later"), events(1).stream().map(Event::name).toList());
    assertEquals(0, outboxRows());
  }

  @Test
  void itSharesTheTransactionOfTheBusinessData() throws Exception {
    transaction.begin();
    String before = transactionId();
    publisher.publish(room.value(), "x", "text");
    assertEquals(before, transactionId());
    transaction.commit();

    assertEquals("\"text\"", events(1).get(0).content().text());
  }

  @Test
  void connectionsThatTheApplicationHoldsAreNotTheServers() throws Exception {
    List<Connection> held = new ArrayList<>();
    try {
      while (held.size() < APPLICATION_POOL) {
        held.add(elsewhere().get());
      }
      Publication publication =
          new Publication(
              room, UUID.randomUUID().toString(), false, new EventName("x"), "1", null, "it", null);

      assertInstanceOf(AppendResult.Appended.class, log.append(publication).get());

      assertEquals(1, log.after(room, 0, 10).events().size());
      assertThrows(ExecutionException.class, () -> elsewhere().get(), "all of them are held");
    } finally {
      for (Connection connection : held) {
        connection.close();
      }
    }
  }

  /** On a thread of its own, for handles of one thread share a connection. */
  private CompletableFuture<Connection> elsewhere() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return database.getConnection();
          } catch (SQLException none) {
            throw new CompletionException(none);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void withoutATransactionItSaysSo() {
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class, () -> publisher.publish(room.value(), "x", "text"));
    assertEquals(
        "publishing here needs an active JTA transaction: call it from a @Transactional method",
        refused.getMessage());
  }

  @Test
  void whatIsNotValidIsRefusedAtTheCall() throws Exception {
    transaction.begin();
    try {
      refused(ErrorCode.BAD_ROOM, () -> publisher.publish("a b", "x", 1));
      refused(ErrorCode.FORBIDDEN, () -> publisher.publish("carillon:x", "x", 1));
      refused(ErrorCode.BAD_NAME, () -> publisher.publish(room.value(), "a b", 1));
      refused(ErrorCode.BAD_DATA, () -> publisher.publishJson(room.value(), "x", "{", null, null));
      refused(
          ErrorCode.TOO_LARGE, () -> publisher.publish(room.value(), "x", "a".repeat(64 * 1024)));
      refused(
          ErrorCode.TOO_LARGE, () -> publisher.publish(room.value(), "x", new byte[64 * 1024 + 1]));
    } finally {
      transaction.rollback();
    }
  }

  private static void refused(ErrorCode code, org.junit.jupiter.api.function.Executable call) {
    assertEquals(code, assertThrows(RefusedException.class, call).rejection().code());
  }

  /** Looks until so many events are there. */
  private List<Event> events(int count) {
    Instant begun = Instant.now();
    while (true) {
      List<Event> events = log.after(room, 0, 10).events();
      Duration passed = Duration.between(begun, Instant.now());
      if (events.size() >= count) {
        if (passed.compareTo(PROMISED) > 0) {
          System.getLogger("io.carillon.test")
              .log(System.Logger.Level.WARNING, "the relay took {0}", passed);
        }
        return events;
      }
      if (passed.compareTo(PATIENCE) > 0) {
        throw new AssertionError(events.size() + " of " + count + " events after " + passed);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  private String transactionId() throws SQLException {
    return query("select pg_current_xact_id()::text");
  }

  private int outboxRows() throws SQLException {
    return Integer.parseInt(
        query("select count(*) from carillon.outbox where room = '" + room.value() + "'"));
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
