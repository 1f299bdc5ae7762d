package io.carillon.backplane.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.contract.BackplaneContract;
import io.carillon.contract.Heard;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.Backplane.Control;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

@Timeout(60)
class PostgresBackplaneIT extends BackplaneContract {
  private static final byte[] KEY =
      "a secret of this one test run".getBytes(StandardCharsets.UTF_8);
  private static final RoomName ROOM = new RoomName("orders:42");
  private static final BackplaneTiming FAST =
      new BackplaneTiming(
          Duration.ofMillis(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofMillis(200));

  private static final InstantSource CLOCK = InstantSource.system();

  private static DatabaseAccess database;

  private volatile boolean older;

  private String prefix = "";
  private int number;

  @BeforeAll
  static void database() {
    database = TestDatabase.migrated();
  }

  @BeforeEach
  void name() {
    prefix = UUID.randomUUID().toString().substring(0, 8) + '-';
  }

  @Override
  protected Backplane make() {
    return make(PostgresBackplaneIT::connect, KEY);
  }

  private PostgresBackplane make(Connector connector, byte[] key) {
    return new PostgresBackplane(
        prefix + number++, connector, () -> key, CLOCK, () -> older, FAST, executor);
  }

  private static Connection connect() throws SQLException {
    return database.app().getConnection();
  }

  private static Connection superuser(DatabaseAccess to) throws SQLException {
    return TestDatabase.shared().superuser(to.name()).getConnection();
  }

  private static void notify(String... texts) throws SQLException {
    try (Connection c = connect();
        PreparedStatement s = c.prepareStatement("SELECT pg_notify('carillon', ?)")) {
      for (String text : texts) {
        s.setString(1, text);
        s.execute();
      }
    }
  }

  @Test
  void aTerminatedListenerComesBackListeningFirstAndSaysThatItMayHaveMissed() throws Exception {
    Heard heard = new Heard();
    Backplane sender = started(new Heard());
    started(heard);
    for (int round = 2; round <= 4; round++) {
      int times = round;
      long begun = System.nanoTime();
      try (Connection c = superuser(database);
          Statement s = c.createStatement()) {
        s.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE pid <> pg_backend_pid() AND datname = current_database()");
      }
      heard.await("missed() again", h -> h.missed >= times);
      assertTrue(System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(1500));
      sender.ring(ROOM, "e", round);
      heard.await("the doorbell", h -> ("e." + times).equals(h.positions.get(ROOM)));
    }
  }

  @Test
  void whatItsOwnCommitsMayLoseConcernsNoOtherCommit() throws Exception {
    List<Connection> opened = new CopyOnWriteArrayList<>();
    Heard heard = new Heard();
    PostgresBackplane sender =
        make(
            () -> {
              Connection c = connect();
              opened.add(c);
              return c;
            },
            KEY);
    started(heard);
    try (sender) {
      sender.start(new Heard());
      sender.ring(ROOM, "e", 7);
      heard.await("the doorbell", h -> "e.7".equals(h.positions.get(ROOM)));
      for (Connection c : opened) {
        try (Statement s = c.createStatement();
            ResultSet row = s.executeQuery("SHOW synchronous_commit")) {
          row.next();
          assertEquals("on", row.getString(1));
        }
      }
    }
  }

  @Test
  void withoutAListenerThatHearsItIsNotConnectedAndHealsByItself() throws Exception {
    AtomicBoolean swallowing = new AtomicBoolean(true);
    CountDownLatch tries = new CountDownLatch(3);
    DatabaseAccess elsewhere = TestDatabase.migrated();
    // As behind a proxy that swaps sessions: LISTEN is accepted and hears nothing.
    Connector connector =
        () -> {
          tries.countDown();
          return swallowing.get() && Thread.currentThread().getName().equals("listener")
              ? elsewhere.app().getConnection()
              : connect();
        };
    PostgresBackplane backplane =
        new PostgresBackplane(
            prefix + "x",
            connector,
            () -> KEY,
            CLOCK,
            () -> older,
            FAST,
            task ->
                Thread.ofVirtual()
                    .name(task instanceof NotificationListener ? "listener" : "notifier")
                    .start(task));
    Heard heard = new Heard();
    Heard others = new Heard();
    started(others);
    backplane.start(heard);
    assertTrue(tries.await(20, TimeUnit.SECONDS));
    assertFalse(backplane.connected());
    assertEquals(0, heard.missed);
    backplane.ring(ROOM, "e", 1);
    others.await("rings all the same", h -> h.positions.containsKey(ROOM));
    swallowing.set(false);
    heard.await("missed() once it hears", h -> h.missed == 1);
    assertTrue(backplane.connected());
    backplane.close();
  }

  @Test
  void aDatabaseThatIsAwayStopsNothing() throws Exception {
    AtomicBoolean away = new AtomicBoolean(true);
    PostgresBackplane backplane =
        make(
            () -> {
              if (away.get()) {
                throw new SQLException("away");
              }
              return connect();
            },
            KEY);
    Heard heard = new Heard();
    Heard others = new Heard();
    started(others);
    backplane.start(heard);
    backplane.ring(ROOM, "e", 7);
    assertFalse(backplane.connected());
    away.set(false);
    heard.await("missed()", h -> h.missed == 1);
    others.await("what was rung meanwhile", h -> "e.7".equals(h.positions.get(ROOM)));
    backplane.close();
  }

  @Test
  void whatIsForgedIsCountedAndDropped() throws Exception {
    Heard heard = new Heard();
    PostgresBackplane backplane = (PostgresBackplane) started(heard);
    String signal =
        seal(new byte[32]).seal("other", SignalRoute.INLINE, SignalCodec.write(kick("eve")));
    String good = seal(KEY).seal("other", SignalRoute.INLINE, SignalCodec.write(kick("bob")));
    notify(
        "rubbish",
        "1 other",
        "1 other e/" + ROOM + "/k/1 e/" + ROOM + "/k/x",
        "2 other s/" + signal,
        "2 another s/" + good,
        "2 other s/" + good,
        "2 other s/" + good + "  ",
        "2 other s/" + good + " e/after/e/1");
    heard.await("what came last", h -> h.positions.containsKey(new RoomName("after")));
    assertEquals(List.of(kick("bob")), heard.controls);
    assertFalse(heard.positions.containsKey(ROOM));
    assertEquals(4, backplane.counts().malformed());
    assertEquals(3, backplane.counts().forged());
  }

  private static SignalCipher seal(byte[] key) {
    return new SignalCipher(key, CLOCK, System::nanoTime);
  }

  @Test
  void anInstanceOfTheVersionBeforeHearsWhatIsSaidWhileItLives() throws Exception {
    older = true;
    Heard heard = new Heard();
    PostgresBackplane sender = (PostgresBackplane) started(new Heard());
    PostgresBackplane receiver = (PostgresBackplane) started(heard);
    try (Connection c = connect();
        Statement s = c.createStatement()) {
      s.execute("LISTEN carillon");
      sender.send(kick("eve"));
      sender.send(signal('"' + "l".repeat(5_000) + '"', null));
      heard.await("both", h -> h.controls.size() == 1 && h.signals.size() == 1);
      sender.ring(ROOM, "e", 1);
      heard.await("what came last", h -> h.positions.containsKey(ROOM));
      PreviousSignalCipher old = new PreviousSignalCipher(KEY);
      int understood = 0;
      for (PGNotification n : c.unwrap(PGConnection.class).getNotifications(1000)) {
        if (n.getParameter().startsWith("1 ")) {
          NotificationPayload text = NotificationPayload.read(n.getParameter());
          for (Item item : text.items()) {
            if (item instanceof Item.InlineSignal(String sealed)) {
              byte[] signal = old.open(text.sender(), SignalRoute.INLINE, sealed);
              assertEquals(List.of(kick("eve")), controls(signal));
              understood++;
            }
          }
        }
      }
      assertEquals(1, understood);
    }
    assertTrue(heard.now(h -> h.controls.size() == 1 && h.signals.size() == 1), "once each");
    assertEquals(0, receiver.counts().forged());
  }

  private static List<Control> controls(byte[] signal) {
    List<Control> controls = new ArrayList<>();
    SignalCodec.read(
        signal,
        new SignalCodec.SignalVisitor() {
          @Override
          public void signal(Signal signal) {}

          @Override
          public void control(Control control) {
            controls.add(control);
          }
        });
    return controls;
  }

  @Test
  void everythingSaidAThousandTimesIsToldOncePerArrivalAtTheMost() throws Exception {
    Heard heard = new Heard();
    started(heard);
    String[] texts = new String[20];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = "1 forger-" + i + " *".repeat(200);
    }
    notify(texts);
    notify("1 other e/" + ROOM + "/e/1");
    heard.await("what came last", h -> h.positions.containsKey(ROOM));
    assertTrue(heard.now(h -> h.everything >= 1 && h.everything <= texts.length));
    assertEquals(1, heard.missed, "no more than the start");
  }

  @Test
  void anotherKeyIsAnotherCluster() throws Exception {
    Heard heard = new Heard();
    PostgresBackplane receiver = (PostgresBackplane) started(heard);
    PostgresBackplane stranger = make(PostgresBackplaneIT::connect, new byte[32]);
    stranger.start(new Heard());
    stranger.send(kick("eve"));
    stranger.send(signal('"' + "l".repeat(20_000) + '"', null));
    stranger.ring(ROOM, "e", 1);
    heard.await("the doorbell", h -> h.positions.containsKey(ROOM));
    stranger.send(kick("eve"));
    stranger.ring(ROOM, "e", 2);
    heard.await("the second doorbell", h -> "e.2".equals(h.positions.get(ROOM)));
    stranger.ring(ROOM, "e", 3);
    heard.await("what came last", h -> "e.3".equals(h.positions.get(ROOM)));
    assertTrue(heard.now(h -> h.controls.isEmpty() && h.signals.isEmpty()));
    assertEquals(3, receiver.counts().forged());
    stranger.close();
  }

  @Test
  void ringsOfOneMomentAreOneTransaction() throws Exception {
    Heard heard = new Heard();
    PostgresBackplane sender = (PostgresBackplane) started(new Heard());
    started(heard);
    long before = sender.counts().rings();
    for (int i = 1; i <= 5_000; i++) {
      sender.ring(new RoomName("r:" + (i % 50)), "e", i);
    }
    heard.await("all of it", h -> h.highest.containsValue(5_000L));
    assertTrue(sender.counts().rings() - before < 100);
  }

  @Test
  void twoSessionsAnInstanceAndNoMore() throws Exception {
    DatabaseAccess quiet = TestDatabase.migrated();
    Heard heard = new Heard();
    PostgresBackplane one = make(() -> quiet.app().getConnection(), KEY);
    PostgresBackplane two = make(() -> quiet.app().getConnection(), KEY);
    one.start(heard);
    two.start(heard);
    heard.await("both to listen", h -> h.missed == 2);
    try (Connection c = superuser(quiet);
        Statement s = c.createStatement();
        ResultSet row =
            s.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid()")) {
      assertTrue(row.next());
      assertEquals(4, row.getInt(1), "a listener and a notifier for each");
    }
    one.close();
    two.close();
  }

  private static Control kick(String user) {
    return new Control.Kick(user, null);
  }
}
