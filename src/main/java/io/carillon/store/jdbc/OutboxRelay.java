package io.carillon.store.jdbc;

import io.carillon.core.RoomName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Moves what committed transactions published by {@code carillon.publish} into the log, in the
 * order of their commits as far as row locks show it. Every instance runs one; a lease in the
 * database lets one of them work. The lease serves order and cost only: that nothing is doubled or
 * lost follows from {@code carillon.relay}, which appends what it deleted, in one transaction.
 *
 * <p>What can never be published is put aside in {@code outbox_rejected} and logged. A room that is
 * locked by somebody waits alone.
 */
public final class OutboxRelay implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(OutboxRelay.class.getName());
  private static final int BATCH = 256;
  private static final double LEASE_SECONDS = 4;
  private static final long RENEW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long BUSY_MILLIS = 5;
  private static final long IDLE_MILLIS = 50;
  private static final long STANDBY_MILLIS = 1000;
  private static final long BROKEN_MILLIS = 500;

  private final JdbcEventLog log;
  private final DataSource source;
  private final LogSettings settings;
  private final String holder;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final Semaphore woken = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong relayed = new AtomicLong();

  // Of the relay's thread only.
  private final RelayPosition position = new RelayPosition();
  private final Notices notices = new Notices("carillon relay");
  private final Map<String, Long> slow = new HashMap<>();
  private final Set<RoomName> made = new HashSet<>();
  private long renewed;
  private long idleMillis = BUSY_MILLIS;

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
    this.log = log;
    this.source = source;
    this.settings = settings;
    this.holder = instance;
    this.executor = executor;
    this.timer = timer;
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
    return rejected.get();
  }

  /** Rows that this instance moved since its start. */
  public long relayed() {
    return relayed.get();
  }

  private void run() {
    try {
      while (!closed) {
        pause(stepOrBackOff());
      }
      RelaySession open = session;
      if (open != null && leading) {
        open.lease(holder, 0); // so that another instance need not wait for its end
      }
    } catch (SQLException alreadyGone) {
      LOG.fine("the lease ends by itself");
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
      return brokenMillis();
    } catch (RuntimeException defect) {
      LOG.log(Level.SEVERE, "the relay met a defect", defect);
      drop();
      return brokenMillis();
    } finally {
      callSince = 0;
    }
  }

  private static long brokenMillis() {
    return BROKEN_MILLIS / 2 + ThreadLocalRandom.current().nextLong(BROKEN_MILLIS);
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

  /** One look; how long to pause after it, in milliseconds. */
  private long step() throws SQLException {
    callSince = System.nanoTime();
    RelaySession open = session;
    if (open == null) {
      open = RelaySession.open(source, settings, notices);
      session = open;
      leading = false;
    }
    if (!lead(open)) {
      return STANDBY_MILLIS;
    }
    long[] lookups = position.lookups(BATCH);
    RelaySession.Scan scan = open.scan(position.after(), position.full() ? 0 : BATCH, lookups);
    List<Long> found = scan.rows().stream().map(OutboxRow::number).toList();
    position.scanned(lookups, found, scan.end() && !position.full(), scan.oldest());
    if (position.wantsHorizon()) {
      position.horizon(open.horizon());
    }
    move(open, ready(withoutNameless(open, scan.rows())));
    if (!scan.rows().isEmpty()) {
      idleMillis = BUSY_MILLIS;
      return scan.end() ? BUSY_MILLIS : 0;
    }
    idleMillis = Math.min(idleMillis + BUSY_MILLIS, IDLE_MILLIS);
    return idleMillis;
  }

  private boolean lead(RelaySession open) throws SQLException {
    long now = System.nanoTime();
    if (!leading || now - renewed > RENEW_NANOS) {
      boolean before = leading;
      leading = open.lease(holder, LEASE_SECONDS);
      renewed = now;
      if (leading && !before) {
        position.takeOver(open.newest(), open.horizon());
        slow.clear();
      }
    }
    return leading;
  }

  /** The function checks names, but an administrator can write into the table. */
  private List<OutboxRow> withoutNameless(RelaySession open, List<OutboxRow> rows)
      throws SQLException {
    for (OutboxRow row : rows) {
      if (!RoomName.isValid(row.room())) {
        reject(open, row, "not a room name");
      }
    }
    return rows.stream().filter(row -> RoomName.isValid(row.room())).toList();
  }

  /** Without rows of rooms that were locked a moment ago. */
  private List<OutboxRow> ready(List<OutboxRow> rows) {
    long now = System.nanoTime();
    slow.values().removeIf(until -> now - until >= 0);
    if (slow.isEmpty()) {
      return rows;
    }
    position.waiting(rows.stream().filter(row -> slow.containsKey(row.room())).toList());
    return rows.stream().filter(row -> !slow.containsKey(row.room())).toList();
  }

  private void move(RelaySession open, List<OutboxRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try {
      makeRooms(open, rows);
      callSince = System.nanoTime();
      settle(rows, open.move(holder, rows));
    } catch (SQLException failed) {
      switch (Failure.of(failed)) {
        case LOST -> throw failed;
        case REFUSED -> {
          made.clear(); // perhaps a room is gone
          throw failed;
        }
        case NO_DAY -> {
          if (open.makeDays() == 0) {
            throw failed;
          }
          position.waiting(rows);
        }
        case DATA -> {
          if (rows.size() == 1) {
            reject(open, rows.getFirst(), Failure.describe(failed));
          } else {
            move(open, rows.subList(0, rows.size() / 2));
            move(open, ready(rows.subList(rows.size() / 2, rows.size())));
          }
        }
        case BUSY -> moveByRoom(open, rows);
        case AGAIN -> {
          if (rows.size() == 1) {
            slowDown(rows);
          } else {
            move(open, rows.subList(0, rows.size() / 2));
            move(open, ready(rows.subList(rows.size() / 2, rows.size())));
          }
        }
      }
    }
  }

  private void moveByRoom(RelaySession open, List<OutboxRow> rows) throws SQLException {
    Map<String, List<OutboxRow>> byRoom = new LinkedHashMap<>();
    for (OutboxRow row : rows) {
      byRoom.computeIfAbsent(row.room(), room -> new ArrayList<>()).add(row);
    }
    if (byRoom.size() == 1) {
      slowDown(rows);
      return;
    }
    for (List<OutboxRow> one : byRoom.values()) {
      move(open, one);
    }
  }

  /** Lets one room wait, so that what comes behind in it does not pass. */
  private void slowDown(List<OutboxRow> sameRoom) {
    slow.put(sameRoom.getFirst().room(), System.nanoTime() + SLOW_NANOS);
    position.waiting(sameRoom);
  }

  private void makeRooms(RelaySession open, List<OutboxRow> rows) throws SQLException {
    Set<RoomName> missing = new HashSet<>();
    for (OutboxRow row : rows) {
      RoomName room = new RoomName(row.room());
      if (!made.contains(room)) {
        missing.add(room);
      }
    }
    if (!missing.isEmpty()) {
      if (made.size() > settings.cachedRooms()) {
        made.clear();
      }
      made.addAll(open.makeRooms(missing).keySet());
    }
  }

  private void settle(List<OutboxRow> rows, RelaySession.Moved moved) throws SQLException {
    if (moved.doubt() != null) {
      throw new SQLException("a warning came with the relay's commit: " + moved.doubt(), "08006");
    }
    Set<Long> numbers = new HashSet<>(moved.moved());
    position.done(rows.stream().filter(row -> numbers.contains(row.number())).toList());
    // Gone to another relay, or the lease is: the next look-up tells.
    List<OutboxRow> rest = rows.stream().filter(row -> !numbers.contains(row.number())).toList();
    position.waiting(rest);
    if (!rest.isEmpty()) {
      renewed = System.nanoTime() - RENEW_NANOS - 1;
    }
    relayed.addAndGet(numbers.size());
    if (!moved.events().isEmpty()) {
      log.committed(moved.events());
    }
  }

  private void reject(RelaySession open, OutboxRow row, String why) throws SQLException {
    open.reject(row, why);
    position.done(List.of(row));
    rejected.incrementAndGet();
    LOG.severe("outbox row " + row.number() + " can never be published: see outbox_rejected");
  }

  private void sweep() {
    long since = callSince;
    RelaySession open = session;
    if (since != 0 && open != null && System.nanoTime() - since > settings.deadline().toNanos()) {
      callSince = 0;
      LOG.warning("the relay's call took too long; its connection is abandoned");
      open.abort(executor);
    }
  }

  private void drop() {
    RelaySession open = session;
    session = null;
    leading = false;
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
        LOG.warning("the relay did not stop in time");
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    if (sweeps != null) {
      sweeps.cancel(false);
    }
  }
}
