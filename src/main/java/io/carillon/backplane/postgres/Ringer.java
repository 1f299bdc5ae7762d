package io.carillon.backplane.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends what waits: one transaction of nothing but notifications, at once when idle and at most one
 * in {@link Timing#ring()}. One task, one connection. When a transaction fails its levels wait for
 * the next one (they are levels, so twice does no harm), its words are dropped.
 */
final class Ringer implements Runnable {
  /** Greatest size of a sealed word inside a notification; larger ones go through the table. */
  private static final int MAX_INLINE = 4096;

  /** More texts than this in one ring become "compare everything". */
  private static final int MAX_TEXTS = 64;

  private static final System.Logger LOG = System.getLogger(Ringer.class.getName());
  private static final String NOTIFY =
      "SELECT pg_notify('carillon', t) FROM unnest(?::text[]) WITH ORDINALITY AS u(t, n) ORDER BY"
          + " n";

  private final String me;
  private final Connector connector;
  private final Supplier<byte[]> key;
  private final Timing timing;
  private final Pending pending;
  private final Tally tally;
  private @Nullable Connection connection;
  private @Nullable Seal seal;
  private long large;
  private long probed;
  private long swept;

  Ringer(
      String me,
      Connector connector,
      Supplier<byte[]> key,
      Timing timing,
      Pending pending,
      Tally tally) {
    this.me = me;
    this.connector = connector;
    this.key = key;
    this.timing = timing;
    this.pending = pending;
    this.tally = tally;
  }

  @Override
  public void run() {
    Backoff backoff = new Backoff(timing.retry());
    try {
      boolean last = false;
      while (!last) {
        Pending.Batch batch = pending.take(timing.probe().toNanos());
        last = pending.closed();
        try {
          ring(batch);
          backoff.reset();
          pending.pause(timing.ring().toNanos());
        } catch (SQLException | RuntimeException e) {
          failed(batch, e);
          pending.pause(backoff.nextNanos());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  private void failed(Pending.Batch batch, Exception e) {
    tally.ringFailures.increment();
    tally.dropped.add(batch.words().size());
    pending.again(batch.levels());
    disconnect();
    if (!pending.closed()) {
      LOG.log(System.Logger.Level.WARNING, "doorbells wait: {0}", e.getMessage());
    }
  }

  private void ring(Pending.Batch batch) throws SQLException {
    if (batch.isEmpty()) {
      probe();
      return;
    }
    Connection c = connection();
    List<String> texts = Payload.write(me, batch.levels());
    if (texts.size() > MAX_TEXTS) {
      texts = Payload.write(me, List.of(new Item.Everything()));
    }
    List<Item> words = new ArrayList<>(batch.words().size());
    for (byte[] word : batch.words()) {
      words.add(sealed(c, word));
    }
    texts = new ArrayList<>(texts);
    texts.addAll(Payload.write(me, words));
    try (PreparedStatement notify = c.prepareStatement(NOTIFY)) {
      notify.setArray(1, c.createArrayOf("text", texts.toArray()));
      notify.execute();
    }
    tally.rings.increment();
    if (System.nanoTime() - probed > timing.probe().toNanos()) {
      probe();
    }
  }

  private Item sealed(Connection c, byte[] word) throws SQLException {
    Seal s = seal();
    // 43 characters of MAC, 11 of counter, 4 for 3 bytes of the rest.
    if (word.length / 3 * 4 + 60 <= MAX_INLINE) {
      return new Item.Word(s.seal(me, Seal.Lane.INLINE, word));
    }
    String id = me + '-' + Long.toString(++large, Character.MAX_RADIX);
    try (PreparedStatement insert =
        c.prepareStatement("INSERT INTO carillon.signal_large (id, body) VALUES (?, ?)")) {
      insert.setString(1, id);
      insert.setString(2, s.seal(me, Seal.Lane.LARGE, word));
      insert.execute();
    }
    return new Item.LargeWord(id);
  }

  private void probe() throws SQLException {
    Connection c = connection;
    if (c == null) {
      return;
    }
    probed = System.nanoTime();
    try (Statement s = c.createStatement();
        ResultSet usage = s.executeQuery("SELECT pg_notification_queue_usage()")) {
      if (usage.next()) {
        tally.queueUsage = usage.getDouble(1);
      }
    }
    if (large > 0 && probed - swept > TimeUnit.SECONDS.toNanos(30)) {
      swept = probed;
      try (Statement s = c.createStatement()) {
        s.execute(
            "DELETE FROM carillon.signal_large WHERE at < clock_timestamp() - interval '60 s'");
      }
    }
  }

  private Connection connection() throws SQLException {
    Connection c = connection;
    if (c == null) {
      c = connector.open();
      connection = c;
      c.setAutoCommit(true);
      c.setNetworkTimeout(Runnable::run, Math.toIntExact(timing.socket().toMillis()));
      try (Statement s = c.createStatement()) {
        // Nothing that this connection writes has to survive a crash.
        s.execute("SET synchronous_commit = off");
      }
      probed = System.nanoTime();
    }
    return c;
  }

  private Seal seal() {
    Seal s = seal;
    if (s == null) {
      s = new Seal(key.get());
      seal = s;
    }
    return s;
  }

  private void disconnect() {
    Connection c = connection;
    connection = null;
    if (c != null) {
      try {
        c.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.log(System.Logger.Level.DEBUG, "a broken connection could not be ended", e);
      }
    }
  }
}
