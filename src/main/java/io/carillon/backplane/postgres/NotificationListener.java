package io.carillon.backplane.postgres;

import io.carillon.core.retry.Backoff;
import io.carillon.core.spi.Backplane.Listener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Listening task: connects, LISTENs, proves by a nonce that notifications arrive, only then says
 * that something may have been missed, and reads notifications until the connection breaks. Then it
 * begins again. A failure stops nothing: the poll carries delivery meanwhile.
 */
final class NotificationListener implements Runnable {
  private static final System.Logger LOG = System.getLogger(NotificationListener.class.getName());

  /** A constant on purpose: LISTEN takes no parameter. */
  private static final String LISTEN = "LISTEN carillon";

  /** A listener is idle by nature; what the role or the database sets is meant for others. */
  private static final String STAY = "SET idle_session_timeout = 0";

  private static final int WAIT_MILLIS = 1000;
  private static final int TEST_WAIT_MILLIS = 50;
  private static final PGNotification[] NONE = {};

  private final String me;
  private final Connector connector;
  private final Supplier<SignalCiphers> makeSeals;
  private final BackplaneTiming timing;
  private final Listener listener;
  private final NotifierQueue queue;
  private final BackplaneCounters counters;
  private volatile boolean connected;
  private volatile @Nullable Connection current;
  private @Nullable SignalCiphers ciphers;

  NotificationListener(
      String me,
      Connector connector,
      Supplier<SignalCiphers> makeSeals,
      BackplaneTiming timing,
      Listener listener,
      NotifierQueue queue,
      BackplaneCounters counters) {
    this.me = me;
    this.connector = connector;
    this.makeSeals = makeSeals;
    this.timing = timing;
    this.listener = listener;
    this.queue = queue;
    this.counters = counters;
  }

  boolean connected() {
    return connected && !queue.closed();
  }

  /** Breaks a wait for notifications; for the end, after the pending work was closed. */
  void interrupt() {
    Connection c = current;
    if (c != null) {
      NotifySession.abort(c);
    }
  }

  @Override
  public void run() {
    Backoff backoff = new Backoff(BackplaneTiming.FIRST_RETRY, timing.retry());
    try {
      while (!queue.closed()) {
        try {
          listen(backoff);
        } catch (SQLException | RuntimeException | LinkageError e) {
          if (!queue.closed()) {
            LOG.log(
                System.Logger.Level.WARNING,
                "not listening, the poll carries delivery: {0}",
                e.getMessage());
          }
        } finally {
          connected = false;
        }
        queue.pause(backoff.nextNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen(Backoff backoff) throws SQLException {
    Connection c = connector.open();
    current = c;
    try {
      c.setAutoCommit(true);
      c.setNetworkTimeout(Runnable::run, Math.toIntExact(timing.socket().toMillis()));
      NotificationReader reader = new NotificationReader(me, listener, ciphers(), counters);
      execute(c, STAY);
      execute(c, LISTEN);
      test(c, reader);
      connected = true;
      backoff.reset();
      counters.listens.increment();
      listener.missed();
      hear(c, reader);
    } finally {
      current = null;
      NotifySession.abort(c);
    }
  }

  private SignalCiphers ciphers() {
    SignalCiphers s = ciphers;
    if (s == null) {
      s = makeSeals.get();
      ciphers = s;
    }
    return s;
  }

  /**
   * The nonce goes out over the notifier's connection: a proxy that swaps sessions would lose it.
   */
  private void test(Connection c, NotificationReader reader) throws SQLException {
    String nonce = UUID.randomUUID().toString();
    reader.expect(nonce);
    queue.add(new Item.Nonce(nonce));
    long begun = System.nanoTime();
    while (!reader.hasCome()) {
      if (queue.closed() || System.nanoTime() - begun > timing.test().toNanos()) {
        throw new SQLException("LISTEN was accepted, but our own notification did not come back");
      }
      receive(c, reader, TEST_WAIT_MILLIS);
    }
  }

  private void hear(Connection c, NotificationReader reader) throws SQLException {
    long probed = System.nanoTime();
    while (!queue.closed()) {
      receive(c, reader, reader.reading() ? 1 : WAIT_MILLIS);
      if (System.nanoTime() - probed >= timing.probe().toNanos()) {
        execute(c, "SELECT 1");
        probed = System.nanoTime();
      }
    }
  }

  private void receive(Connection c, NotificationReader reader, int millis) throws SQLException {
    PGNotification[] notifications = c.unwrap(PGConnection.class).getNotifications(millis);
    for (PGNotification notification : notifications == null ? NONE : notifications) {
      if (queue.closed()) {
        return;
      }
      reader.hear(notification.getParameter());
    }
    reader.endOfArrival();
    if (reader.reading()) {
      readLarge(c, reader, reader.announced());
    }
  }

  private static void readLarge(
      Connection c, NotificationReader reader, List<NotificationReader.Large> large)
      throws SQLException {
    Map<String, String> bodies = new HashMap<>();
    try (PreparedStatement read =
        c.prepareStatement("SELECT id, body FROM carillon.signal_large WHERE id = ANY (?)")) {
      read.setArray(
          1, c.createArrayOf("text", large.stream().map(NotificationReader.Large::id).toArray()));
      try (ResultSet rows = read.executeQuery()) {
        while (rows.next()) {
          bodies.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    for (NotificationReader.Large announced : large) {
      String body = bodies.get(announced.id());
      if (body != null) {
        reader.hearLarge(announced, body);
      }
    }
  }

  private static void execute(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }
}
