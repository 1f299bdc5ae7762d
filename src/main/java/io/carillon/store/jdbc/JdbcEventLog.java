package io.carillon.store.jdbc;

import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.Publication;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.LogPage;
import io.carillon.core.spi.LogReads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Event log over PostgreSQL. Between {@link #start} and {@link #close} each writer holds one thread
 * of the executor and one connection.
 */
public final class JdbcEventLog implements EventLog, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(JdbcEventLog.class.getName());
  private static final long SWEEP_MILLIS = 20;

  private final LogSettings settings;
  private final LogReader reader;
  private final RoomIds rooms;
  private final List<LogWriter> writers = new ArrayList<>();
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private volatile CommitListener listener = (events, answer) -> answer.run();
  private volatile boolean started;
  private @Nullable ScheduledFuture<?> sweeps;

  /**
   * Prepares a log; nothing is opened before {@link #start}.
   *
   * @param writing gives dedicated connections, outside of any pool and of pgbouncer; its connect,
   *     login and socket establishment must be bounded (a few seconds), calls bound themselves
   * @param reading gives pooled connections, primary only
   * @param executor runs the writers (a thread each, virtual or not) and abandons connections
   * @param timer for a task of some microseconds every 20 ms
   */
  public JdbcEventLog(
      DataSource writing,
      DataSource reading,
      LogSettings settings,
      Executor executor,
      ScheduledExecutorService timer) {
    this.settings = settings;
    this.reader = new LogReader(reading);
    this.rooms = new RoomIds(settings.cachedRooms());
    this.executor = executor;
    this.timer = timer;
    for (int i = 0; i < settings.writers(); i++) {
      writers.add(new LogWriter("carillon writer " + i, writing, settings, rooms, this::committed));
    }
  }

  /**
   * Reads of the log through another source, for what must not wait behind its other readers.
   *
   * @param source gives pooled connections, primary only
   */
  public static LogReads reads(DataSource source) {
    return new LogReader(source);
  }

  /**
   * Starts the writers. Called once, after {@link #onCommit}. Appends before that are refused at
   * once with {@code storage}.
   */
  public void start() {
    started = true;
    writers.forEach(executor::execute);
    sweeps =
        timer.scheduleWithFixedDelay(
            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    long now = System.nanoTime();
    writers.forEach(writer -> writer.sweep(now, executor));
  }

  @Override
  public CompletableFuture<AppendResult> append(Publication publication) {
    Pending pending = new Pending(publication, System.nanoTime() + settings.deadline().toNanos());
    if (!started) {
      pending.refuse(ErrorCode.STORAGE);
      return pending.answer();
    }
    int hash = publication.room().hashCode();
    if (!writers.get(Math.floorMod(hash ^ (hash >>> 16), writers.size())).offer(pending)) {
      pending.refuse(ErrorCode.OVERLOADED);
    }
    return pending.answer();
  }

  @Override
  public void onCommit(CommitListener told) {
    listener = told;
  }

  /** Passes the relay's committed events to the listener; no caller waits for these. */
  void committed(List<Event> events) {
    committed(events, () -> {});
  }

  /** Calls the listener; if it fails, the futures are completed all the same. */
  private void committed(List<Event> events, Runnable answer) {
    try {
      listener.committed(events, answer);
    } catch (RuntimeException defect) {
      LOG.log(Level.ERROR, "the commit listener failed", defect);
      answer.run();
    }
  }

  @Override
  public Map<RoomName, Head> heads(Collection<RoomName> asked) {
    return reader.heads(asked);
  }

  @Override
  public LogPage after(RoomName room, long after, int limit, int bytes) {
    return reader.after(room, after, limit, bytes);
  }

  @Override
  public LogPage before(RoomName room, long before, int limit) {
    return reader.before(room, before, limit);
  }

  @Override
  public Cursor at(RoomName room, Instant instant) {
    return reader.at(room, instant);
  }

  @Override
  public OptionalLong fork(RoomName room, String epoch) {
    return reader.fork(room, epoch);
  }

  @Override
  public List<RoomName> rooms(String prefix, String from, int limit) {
    return reader.rooms(prefix, from, limit);
  }

  /** Publications that wait for a commit. */
  public int queued() {
    return writers.stream().mapToInt(LogWriter::queued).sum();
  }

  /** Whether every writer has a connection. */
  public boolean connected() {
    return writers.stream().allMatch(LogWriter::connected);
  }

  /** Whether every writer's last batch was written, as far as is known; cheap. */
  public boolean works() {
    return writers.stream().allMatch(LogWriter::works);
  }

  /** Tries those writers that are not known to work; blocks for as long as a log-in may take. */
  public void probe() {
    writers.forEach(LogWriter::probe);
  }

  /** Takes no more publications and waits until those taken are answered, at most a deadline. */
  @Override
  public void close() {
    writers.forEach(LogWriter::close);
    if (!started) {
      return; // nothing was taken, and no writer will ever say that it has stopped
    }
    Duration limit = settings.deadline().plusMillis(500);
    try {
      for (LogWriter writer : writers) {
        if (!writer.awaitStopped(limit)) {
          LOG.log(Level.WARNING, "a writer did not stop in time");
        }
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    if (sweeps != null) {
      sweeps.cancel(false);
    }
  }
}
