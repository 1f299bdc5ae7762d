package io.carillon.store.jdbc;

import io.carillon.core.retry.Backoff;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connection of one writer: opens a session when there is none, pauses before that when calls or
 * openings failed in a row, and gives up a call that takes too long. Used by the writer's thread,
 * but for {@link #sweep}, {@link #connected}, {@link #works}, {@link #probe} and {@link #hurry}.
 *
 * <p>The first loss costs no pause, for it may be a mere restart. A session that has served for a
 * while is what ends a row of failures: one that is lost again and again after its first call has
 * not.
 */
final class WriterLink {
  private static final System.Logger LOG = System.getLogger(WriterLink.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(1);
  private static final long PROVEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final DataSource source;
  private final LogSettings settings;
  private final Runnable interrupted;
  private final Notices notices;
  private final QuietLog log = new QuietLog(LOG, System::nanoTime);
  private final CountDownLatch hurry = new CountDownLatch(1);
  private final WriterCondition condition = new WriterCondition(System::nanoTime);

  private final Backoff backoff = new Backoff(FIRST_PAUSE, LAST_PAUSE);

  /** In a row: 0, 1 (a mere restart, perhaps) or 2, which stands for more. */
  private int failures;

  private long opened;

  private volatile @Nullable WriterSession session;
  private volatile @Nullable Call call;

  /** A call of the database under way. */
  private record Call(WriterSession session, long started) {}

  /**
   * Creates a link; {@link #session} opens it.
   *
   * @param interrupted called when the writer's thread was interrupted
   */
  WriterLink(String name, DataSource source, LogSettings settings, Runnable interrupted) {
    this.name = name;
    this.source = source;
    this.settings = settings;
    this.interrupted = interrupted;
    this.notices = new Notices(name);
  }

  boolean connected() {
    return session != null;
  }

  /** Whether batches are written, as far as is known; for any thread. */
  boolean works() {
    return condition.works();
  }

  /** Does over a session of its own what a batch does, unless batches are written; blocks. */
  void probe() {
    if (condition.works()) {
      return;
    }
    try (WriterSession own = WriterSession.open(source, settings, name + " probe", notices)) {
      condition.probed(own.append(List.of(), new long[0], true).doubt() == null);
    } catch (SQLException failed) {
      condition.probed(false);
    }
  }

  /** The session, opened if there is none; null if that failed. */
  @Nullable WriterSession session() {
    WriterSession open = session;
    if (open != null) {
      return open;
    }
    pause();
    try {
      open = WriterSession.open(source, settings, name, notices);
      opened = System.nanoTime();
      session = open;
      condition.connected();
      return open;
    } catch (SQLException failed) {
      log.warn(name + ": no connection for writing: " + Failure.describe(failed));
      failures = 2;
      condition.failed();
      return null;
    }
  }

  private void pause() {
    if (failures < 2) {
      return;
    }
    try {
      if (hurry.await(backoff.nextNanos(), TimeUnit.NANOSECONDS)) {
        Thread.sleep(FIRST_PAUSE);
      }
    } catch (InterruptedException stop) {
      hurry();
      interrupted.run();
    }
  }

  /** A call begins that is not to take longer than the log's deadline. */
  void calling(WriterSession open) {
    call = new Call(open, System.nanoTime());
  }

  /** No call is under way. */
  void returned() {
    call = null;
  }

  /** A call did what it was to do. */
  void succeeded() {
    condition.wrote();
    if (failures > 0 && System.nanoTime() - opened > PROVEN_NANOS) {
      failures = 0;
      backoff.reset();
    }
  }

  /** A call failed for all of its batch: whether the session is of use any longer is decided. */
  void failed(SQLException failure) {
    log.warn(name + ": the log was not written: " + Failure.describe(failure));
    condition.failed();
    if (!Failure.keepsSession(failure)) {
      lose();
    }
  }

  /**
   * Gives the session up after a call with an unknown outcome, which another session has to find
   * out.
   */
  void doubted(String why) {
    log.warn(name + ": a warning came with a commit; its outcome is unknown: " + why);
    lose();
  }

  /** Gives the session up after a failure. */
  void lose() {
    condition.failed();
    failures = Math.min(failures + 1, 2);
    drop();
  }

  /** Gives the session up. */
  void drop() {
    WriterSession old = session;
    session = null;
    if (old != null) {
      old.close();
    }
  }

  /** Gives up a call that takes too long; from a timer. */
  void sweep(long now, Executor aborts) {
    Call current = call;
    if (current != null && now - current.started() > settings.deadline().toNanos()) {
      call = null;
      LOG.log(Level.WARNING, name + ": a call took too long; its connection is abandoned");
      current.session().abort(aborts);
    }
  }

  /** Ends all pauses, so that a closing writer comes to its end. */
  void hurry() {
    hurry.countDown();
  }
}
