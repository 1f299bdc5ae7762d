package io.carillon.backplane.postgres;

import io.carillon.backplane.postgres.OutgoingSignal.Sealed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connection of the notifier, with its statements. Used by the notifier alone.
 *
 * <p>Settings are those of one statement ({@code SET LOCAL}), for a pooler may hand the session on:
 * nothing written here has to survive a crash, and the wait for the lock that every notifying
 * transaction of the cluster holds over its commit is bounded.
 */
final class NotifySession {
  /** The queue of notifications is full. */
  private static final String QUEUE_FULL = "54000";

  /** Somebody else's notifying transaction has not ended in time. */
  private static final String LOCK_TIMEOUT = "55P03";

  private static final System.Logger LOG = System.getLogger(NotifySession.class.getName());
  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final String SETTINGS =
      "set_config('synchronous_commit', 'off', true), set_config('lock_timeout', ?, true)";
  private static final String SET = "SELECT " + SETTINGS;

  /** One statement, for the lock that matters is waited for at its commit. */
  private static final String NOTIFY =
      "SELECT pg_notify('carillon', t) FROM (SELECT "
          + SETTINGS
          + " OFFSET 0) AS settings, unnest(?::text[]) WITH ORDINALITY AS u (t, n) ORDER BY n";

  private static final String STORE =
      "INSERT INTO carillon.signal_large (id, body)"
          + " SELECT id, body FROM unnest(?::text[], ?::text[]) AS u (id, body)"
          + " ON CONFLICT (id) DO NOTHING";
  private static final String SWEEP =
      "DELETE FROM carillon.signal_large WHERE at < clock_timestamp() - interval '60 s'";

  private final Connector connector;
  private final BackplaneTiming timing;
  private final BackplaneCounters counters;
  private final String patience;
  private @Nullable Connection connection;
  private long probed;
  private @Nullable Long swept;

  NotifySession(Connector connector, BackplaneTiming timing, BackplaneCounters counters) {
    this.connector = connector;
    this.timing = timing;
    this.counters = counters;
    this.patience = timing.socket().toMillis() / 4 + "ms";
  }

  /** The connection, opened if there is none. */
  Connection connection() throws SQLException {
    Connection c = connection;
    if (c == null) {
      c = connector.open();
      connection = c;
      c.setAutoCommit(true);
      c.setNetworkTimeout(Runnable::run, Math.toIntExact(timing.socket().toMillis()));
      look(c);
    }
    return c;
  }

  void notify(Connection c, List<String> texts) throws SQLException {
    if (texts.isEmpty()) {
      return;
    }
    try (PreparedStatement notify = c.prepareStatement(NOTIFY)) {
      notify.setString(1, patience);
      notify.setArray(2, c.createArrayOf("text", texts.toArray()));
      notify.execute();
    }
    counters.rings.increment();
    counters.silent = false;
    if (counters.full()) {
      look(c);
    }
  }

  /** Puts large signals where the others read them; those that are there already stay. */
  void store(Connection c, List<Sealed> signals) throws SQLException {
    Object[] ids = signals.stream().map(w -> ((Item.LargeSignal) w.item()).id()).toArray();
    Object[] bodies = signals.stream().map(Sealed::body).toArray();
    within(
        c,
        () -> {
          try (PreparedStatement store = c.prepareStatement(STORE)) {
            store.setArray(1, c.createArrayOf("text", ids));
            store.setArray(2, c.createArrayOf("text", bodies));
            store.execute();
          }
        });
  }

  private interface Statements {
    void run() throws SQLException;
  }

  /** Runs work in a transaction that has our settings before its statements lock anything. */
  private void within(Connection c, Statements work) throws SQLException {
    c.setAutoCommit(false);
    boolean done = false;
    try (PreparedStatement set = c.prepareStatement(SET)) {
      set.setString(1, patience);
      set.execute();
      work.run();
      c.commit();
      done = true;
    } finally {
      if (!done && !c.isClosed()) {
        c.rollback();
      }
      if (!c.isClosed()) {
        c.setAutoCommit(true);
      }
    }
  }

  /**
   * After a failure: frees the queue of notifications if it was full, keeps the connection if the
   * server is well, and gives it up otherwise.
   */
  void recover(Throwable e) {
    Connection c = connection;
    String state = e instanceof SQLException sql ? sql.getSQLState() : null;
    if (c == null || !(QUEUE_FULL.equals(state) || LOCK_TIMEOUT.equals(state))) {
      disconnect();
      return;
    }
    try {
      look(c);
    } catch (SQLException lost) {
      disconnect();
    }
  }

  void probeIfDue() throws SQLException {
    if (System.nanoTime() - probed > timing.probe().toNanos()) {
      probe();
    }
  }

  /** Looks at the queue if there is a connection, and sweeps what large signals left behind. */
  void probe() throws SQLException {
    if (connection == null && !counters.silent) {
      return;
    }
    Connection c = connection();
    look(c);
    counters.silent = false;
    Long last = swept;
    if (last == null || probed - last > SWEEP_NANOS) {
      swept = probed;
      within(
          c,
          () -> {
            try (Statement sweep = c.createStatement()) {
              sweep.execute(SWEEP);
            }
          });
    }
  }

  /**
   * Reads how full the queue is. A full queue stays full after its cause has gone until {@code
   * pg_notification_queue_usage} is called: the call moves the queue's tail, and a NOTIFY that
   * fails does not.
   */
  private void look(Connection c) throws SQLException {
    probed = System.nanoTime();
    try (Statement s = c.createStatement();
        ResultSet usage = s.executeQuery("SELECT pg_notification_queue_usage()")) {
      if (usage.next()) {
        counters.queueUsage = usage.getDouble(1);
      }
    }
  }

  void disconnect() {
    Connection c = connection;
    connection = null;
    if (c != null) {
      abort(c);
    }
  }

  /** Gives a connection up, from any thread: a call under way ends with an exception. */
  static void abort(Connection c) {
    try {
      c.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "a broken connection could not be ended", e);
    }
  }
}
