package io.carillon.store.jdbc;

import io.carillon.core.retry.Backoff;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Relay from the transactional outbox to the log: moves what committed transactions published by
 * {@code carillon.publish}, in the order of their commits as far as row locks show it. Every
 * instance runs one; a lease in the database lets one of them work. The lease serves order and cost
 * only: that nothing is doubled or lost follows from {@code carillon.relay_at}, which appends what
 * it deleted, in one transaction.
 *
 * <p>What can never be published is put aside in {@code outbox_rejected} and logged. A room that is
 * locked by somebody waits alone.
 */
public final class OutboxRelay implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(OutboxRelay.class.getName());
  private static final int BATCH = 256;
  private static final double LEASE_SECONDS = 4;
  private static final long RENEW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long COUNT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long BUSY_MILLIS = 5;
  private static final long IDLE_MILLIS = 50;
  private static final long STANDBY_MILLIS = 1000;
  private static final Duration BROKEN = Duration.ofMillis(500);

  private final DataSource source;
  private final LogSettings settings;
  private final String holder;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final Semaphore woken = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  // Of the relay's thread only.
  private final RelayPosition position = new RelayPosition();
  private final Notices notices = new Notices("carillon relay");
  private final RelayQueue queue = new RelayQueue();
  private final RelayMover mover;
  private long renewed;
  private long idleMillis = BUSY_MILLIS;

  private long counted;

  private volatile long unnumbered;
  private volatile boolean closed;
  private volatile boolean leading;
  private volatile @Nullable RelaySession session;
  private volatile long callSince;
  private @Nullable ScheduledFuture<?> sweeps;

  /**
   * Prepares a relay.
   *
   * @param log whose commit listener is told
   * @param source gives dedicated connections, as for the log's writers
   * @param instance this instance's id, for the lease
   * @param executor runs the relay on one thread
   * @param timer for a check of some nanoseconds every 100 ms
   */
  public OutboxRelay(
      JdbcEventLog log,
      DataSource source,
      LogSettings settings,
      String instance,
      Executor executor,
      ScheduledExecutorService timer) {

    this.source = source;
    this.settings = settings;
    this.holder = instance;
    this.executor = executor;
    this.timer = timer;
    this.mover =
        new RelayMover(
            queue, settings.cachedRooms(), System::nanoTime, this::calling, log::committed);
  }

  /** Starts. Called once. */
  public void start() {
    executor.execute(this::run);
    sweeps = timer.scheduleWithFixedDelay(this::sweep, 100, 100, TimeUnit.MILLISECONDS);
  }

  /** Something was committed just now: look at once. Cheap; from any thread. */
  public void wake() {
    if (woken.availablePermits() == 0) {
      woken.release();
    }
  }

  /** Whether this instance holds the lease. */
  public boolean leading() {
    return leading;
  }

  /** Rows that this instance put aside since its start: each needs somebody to look at it. */
  public long rejected() {
    return mover.rejected();
  }

  /** Rows that this instance moved since its start. */
  public long relayed() {
    return mover.relayed();
  }

  /**
   * Committed rows that have no number, and so are never moved; counted each minute by the leading
   * instance, up to 1,000. Such a row was written past the outbox's triggers.
   */
  public long unnumbered() {
    return unnumbered;
  }

  private void run() {
    try {
      while (!closed) {
        pause(stepOrBackOff());
      }
      RelaySession open = session;
      if (open != null && leading) {
        open.lease(0); // so that another instance need not wait for its end
      }
    } catch (SQLException alreadyGone) {
      LOG.log(Level.DEBUG, "the lease ends by itself");
    } finally {
      drop();
      stopped.countDown();
    }
  }

  private long stepOrBackOff() {
    try {
      return step();
    } catch (SQLException failed) {
      LOG.log(Level.WARNING, "the relay will begin anew: {0}", Failure.describe(failed));
      drop();
      return Backoff.around(BROKEN).toMillis();
    } catch (RuntimeException | LinkageError defect) {
      LOG.log(Level.ERROR, "the relay met a defect", defect);
      drop();
      return Backoff.around(BROKEN).toMillis();
    } finally {
      callSince = 0;
    }
  }

  private void pause(long millis) {
    try {
      if (!leading) { // a wake is for the leader
        closing.await(millis, TimeUnit.MILLISECONDS);
      } else if (millis > 0 && woken.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        idleMillis = BUSY_MILLIS;
      }
    } catch (InterruptedException stop) {
      closed = true;
    }
  }

  /**
   * Scans the outbox once and moves what it found; returns the pause before the next scan, in
   * milliseconds.
   */
  private long step() throws SQLException {
    callSince = System.nanoTime();
    RelaySession open = session;
    if (open == null) {
      open = RelaySession.open(source, settings, notices, holder);
      session = open;
      leading = false;
    }
    if (!lead(open)) {
      return STANDBY_MILLIS;
    }
    count(open);
    if (position.after() == 0) {
      queue.forgetRows();
    }
    queue.begin(System.nanoTime());
    long[] gaps = position.lookups();
    long[] lookups =
        LongStream.concat(LongStream.of(gaps), LongStream.of(queue.lookups(BATCH))).toArray();
    RelaySession.Scan scan = open.scan(position.after(), queue.full() ? 0 : BATCH, lookups);
    queue.scanned(scan.rows());
    position.scanned(
        gaps, scan.rows().stream().map(OutboxRow::number).toList(), scan.end(), scan.oldest());
    if (position.wantsHorizon()) {
      position.horizon(open.horizon());
    }
    mover.move(open, scan.rows());
    if (mover.doubtful()) {
      renewed = System.nanoTime() - RENEW_NANOS - 1;
    }
    if (!scan.rows().isEmpty()) {
      idleMillis = BUSY_MILLIS;
      return scan.end() ? BUSY_MILLIS : 0;
    }
    idleMillis = Math.min(idleMillis + BUSY_MILLIS, IDLE_MILLIS);
    return idleMillis;
  }

  private void count(RelaySession open) throws SQLException {
    long now = System.nanoTime();
    if (now - counted > COUNT_NANOS) {
      long before = unnumbered;
      unnumbered = open.unnumbered();
      counted = now;
      if (unnumbered > before) {
        LOG.log(
            Level.ERROR,
            unnumbered + " rows of carillon.outbox have no number and are never relayed");
      }
    }
  }

  private boolean lead(RelaySession open) throws SQLException {
    long now = System.nanoTime();
    if (!leading || now - renewed > RENEW_NANOS) {
      boolean before = leading;
      leading = open.lease(LEASE_SECONDS);
      renewed = now;
      if (leading && !before) {
        position.takeOver(open.newest(), open.horizon());
        queue.clear();
        counted = renewed - COUNT_NANOS - 1;
      }
    }
    return leading;
  }

  private void calling() {
    callSince = System.nanoTime();
  }

  private void sweep() {
    long since = callSince;
    RelaySession open = session;
    if (since != 0 && open != null && System.nanoTime() - since > settings.deadline().toNanos()) {
      callSince = 0;
      LOG.log(Level.WARNING, "the relay's call took too long; its connection is abandoned");
      open.abort(executor);
    }
  }

  private void drop() {
    RelaySession open = session;
    session = null;
    leading = false;
    unnumbered = 0; // the new leader counts them
    if (open != null) {
      open.close();
    }
  }

  /** Finishes what it does and gives the lease back. */
  @Override
  public void close() {
    closed = true;
    closing.countDown();
    wake();
    try {
      if (!stopped.await(settings.deadline().toMillis() + 500, TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "the relay did not stop in time");
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    if (sweeps != null) {
      sweeps.cancel(false);
    }
  }
}
