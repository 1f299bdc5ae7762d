package io.carillon.backplane.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.carillon.contract.Heard;
import io.carillon.core.EventName;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane.Control;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What others do to the notifications of a server, on a server of its own. */
@Timeout(60)
class BackplaneTroubleIT {
  private static final byte[] KEY =
      "a secret of this one test run".getBytes(StandardCharsets.UTF_8);
  private static final RoomName ROOM = new RoomName("orders:42");
  private static final Control KICK = new Control.Kick("eve", null);

  /** An idle instance would look at the queue every second minute: what heals must heal by load. */
  private static final BackplaneTiming TIMING =
      new BackplaneTiming(
          Duration.ofMillis(5),
          Duration.ofMinutes(2),
          Duration.ofSeconds(4),
          Duration.ofMillis(500),
          Duration.ofMillis(200));

  private static final DatabaseAccess NONE = new DatabaseAccess("", 0, "", "", "", "", "");

  private static TestDatabase server;

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<PostgresBackplane> made = new ArrayList<>();
  private final Heard heardByOne = new Heard();
  private final Heard heardByTwo = new Heard();
  private DatabaseAccess database = NONE;

  @BeforeAll
  static void server() throws Exception {
    server = TestDatabase.separate(Map.of("max_notify_queue_pages", "64"));
  }

  @BeforeEach
  void database() {
    database = server.another();
  }

  @AfterEach
  void close() {
    made.forEach(PostgresBackplane::close);
    executor.shutdownNow();
  }

  private PostgresBackplane started(Heard heard, BackplaneTiming timing)
      throws InterruptedException {
    PostgresBackplane backplane =
        new PostgresBackplane(
            UUID.randomUUID().toString().substring(0, 8),
            () -> database.app().getConnection(),
            () -> KEY,
            InstantSource.system(),
            () -> false,
            timing,
            executor);
    made.add(backplane);
    backplane.start(heard);
    heard.await("that it listens", h -> h.missed == 1);
    return backplane;
  }

  private static Connection superuser() throws SQLException {
    return server.superuser("postgres").getConnection();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Signal signal(int number, int size) {
    return new Signal(
        ROOM, new EventName("s" + number), '"' + "x".repeat(size) + '"', "bob", "c", null);
  }

  private static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("not so within 20 s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void aQueueThatWasFullIsFreedByWhoeverRingsAndNothingIsLost() throws Exception {
    PostgresBackplane one = started(heardByOne, TIMING);
    PostgresBackplane two = started(heardByTwo, TIMING);
    AtomicBoolean ringing = new AtomicBoolean(true);
    AtomicLong seq = new AtomicLong();
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(
            () -> {
              while (ringing.get()) {
                long next = seq.incrementAndGet();
                one.ring(ROOM, "e", next);
                two.ring(ROOM, "e", next);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
              }
            },
            executor);
    try (Connection stalled = superuser()) {
      execute(stalled, "LISTEN nobody_reads_this");
      stalled.setAutoCommit(false);
      execute(stalled, "SELECT 1");
      fill();
      until("that the queue is full", () -> one.counts().queueUsage() >= 1);
      until("that the queue is full", () -> two.counts().queueUsage() >= 1);
      until("that both know it", () -> !one.connected() && !two.connected());
      one.send(signal(1, 10));
      one.send(signal(2, 4096));
      one.send(KICK);
      stalled.rollback();
    }
    long after = seq.get();
    heardByOne.await("the other one", h -> h.highest.getOrDefault(ROOM, 0L) > after);
    heardByTwo.await("the other one", h -> h.highest.getOrDefault(ROOM, 0L) > after);
    heardByTwo.await("what was said meanwhile", h -> h.signals.size() == 2);
    heardByTwo.await("what was ordered meanwhile", h -> h.controls.size() == 1);
    until("that both know it", () -> one.connected() && two.connected());
    assertTrue(one.counts().queueUsage() < 1);
    assertEquals(0, one.counts().dropped());
    ringing.set(false);
    load.get();
  }

  private static void fill() throws SQLException {
    String payload = "x".repeat(7_000);
    try (Connection connection = superuser()) {
      for (int i = 0; i < 1_000; i++) {
        execute(connection, "SELECT pg_notify('nobody_reads_this', '" + i + payload + "')");
      }
    } catch (SQLException full) {
      assertEquals("54000", full.getSQLState());
      return;
    }
    fail("the queue never became full");
  }

  @Test
  void strangersWhoWaitForAStandbyCostNoWord() throws Exception {
    PostgresBackplane one = started(heardByOne, TIMING);
    started(heardByTwo, TIMING);
    try (Connection operator = superuser();
        Connection stranger = superuser()) {
      stranger.setAutoCommit(false);
      execute(operator, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
      execute(operator, "SELECT pg_reload_conf()");
      CompletableFuture<Void> committed = CompletableFuture.completedFuture(null);
      try {
        // The setting is taken over some time after the reload: commits before it do not wait.
        committed = waiting(stranger, operator);
        one.send(signal(1, 10));
        one.send(signal(2, 4096));
        one.send(KICK);
        one.ring(ROOM, "e", 7);
        until("that a ring has failed", () -> one.counts().ringFailures() >= 1);
        assertFalse(one.connected());
      } finally {
        execute(operator, "ALTER SYSTEM RESET synchronous_standby_names");
        execute(operator, "SELECT pg_reload_conf()");
        committed.join();
      }
    }
    heardByTwo.await("all of it", h -> h.signals.size() == 2 && h.controls.size() == 1);
    heardByTwo.await("the doorbell", h -> h.highest.containsKey(ROOM));
    one.ring(ROOM, "e", 8);
    heardByTwo.await("what came last", h -> h.highest.get(ROOM) == 8);
    assertTrue(heardByTwo.now(h -> h.signals.size() == 2 && h.controls.size() == 1), "once each");
    assertEquals(0, one.counts().dropped());
  }

  /** Commits again and again until one waits for the standby, and so lets no other notify. */
  private CompletableFuture<Void> waiting(Connection stranger, Connection operator)
      throws Exception {
    List<CompletableFuture<Void>> last = new ArrayList<>(List.of(notifying(stranger)));
    until(
        "that a commit waits",
        () -> {
          if (last.getFirst().isDone()) {
            last.set(0, notifying(stranger));
          }
          return waits(operator);
        });
    return last.getFirst();
  }

  private static CompletableFuture<Void> notifying(Connection stranger) {
    return CompletableFuture.runAsync(() -> commit(stranger), Thread::startVirtualThread);
  }

  /** A transaction that had written nothing would not wait. */
  private static void commit(Connection connection) {
    try {
      execute(connection, "CREATE TABLE IF NOT EXISTS some_work (done boolean)");
      execute(connection, "INSERT INTO some_work VALUES (true)");
      execute(connection, "NOTIFY nobody_reads_this");
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean waits(Connection operator) {
    try (Statement s = operator.createStatement();
        ResultSet row =
            s.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")) {
      row.next();
      return row.getInt(1) > 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void doorbellsDoNotWaitForLargeWords() throws Exception {
    PostgresBackplane one = started(heardByOne, TIMING);
    started(heardByTwo, TIMING);
    try (Connection owner = database.owner().getConnection()) {
      owner.setAutoCommit(false);
      execute(owner, "LOCK TABLE carillon.signal_large IN EXCLUSIVE MODE");
      for (int i = 0; i < 500; i++) {
        one.send(signal(i, 4096));
      }
      one.send(signal(500, 10));
      one.ring(ROOM, "e", 1);
      heardByTwo.await("the doorbell", h -> h.highest.containsKey(ROOM));
      one.ring(ROOM, "e", 2);
      heardByTwo.await("one more doorbell", h -> h.highest.get(ROOM) == 2);
      assertTrue(
          heardByTwo.now(h -> h.signals.stream().noneMatch(s -> s.content().weight() > 4000)));
      owner.rollback();
    }
    heardByTwo.await("every signal", h -> h.signals.size() == 501);
    assertEquals(0, one.counts().dropped());
  }

  @Test
  void whatDeadInstancesLeftIsSwept() throws Exception {
    try (Connection owner = database.owner().getConnection()) {
      execute(
          owner,
          "INSERT INTO carillon.signal_large (id, body, at) VALUES ('dead-1', 'x', now() -"
              + " interval '2 minutes'), ('alive-1', 'x', now())");
      BackplaneTiming probing =
          new BackplaneTiming(
              TIMING.ring(),
              Duration.ofMillis(100),
              TIMING.socket(),
              TIMING.test(),
              TIMING.retry());
      started(heardByOne, probing);
      until("that it is gone", () -> count(owner) == 1);
    }
  }

  private static int count(Connection connection) {
    try (Statement s = connection.createStatement();
        ResultSet row = s.executeQuery("SELECT count(*) FROM carillon.signal_large")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void ourSettingsStayInTheirStatements() throws Exception {
    Connection shared = database.app().getConnection();
    NotifySession session = new NotifySession(() -> shared, TIMING, new BackplaneCounters());
    Connection c = session.connection();
    session.notify(c, List.of("1 me *"));
    session.store(
        c,
        List.of(
            new OutgoingSignal.Sealed(
                NotificationPayload.Version.TWO, new Item.LargeSignal("me-1"), "x")));
    session.probe();
    for (String setting : List.of("synchronous_commit", "lock_timeout")) {
      try (Statement s = shared.createStatement();
          ResultSet row = s.executeQuery("SHOW " + setting)) {
        row.next();
        assertEquals(setting.equals("lock_timeout") ? "0" : "on", row.getString(1));
      }
    }
    session.disconnect();
  }
}
