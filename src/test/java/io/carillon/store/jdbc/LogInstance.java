package io.carillon.store.jdbc;

import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.Publication;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** A running log with threads of its own, as one instance has it. */
final class LogInstance implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<Event> committed = new ArrayList<>();
  private final JdbcEventLog log;
  private final DataSource source;
  private final LogSettings settings;

  LogInstance(DataSource source, LogSettings settings) {
    this.source = source;
    this.settings = settings;
    this.log = new JdbcEventLog(source, source, settings, threads, timer);
    log.onCommit(
        (events, answer) -> {
          synchronized (committed) {
            committed.addAll(events);
          }
          answer.run();
        });
    log.start();
  }

  LogInstance(LogDatabase database) {
    this(database.app(), LogSettings.DEFAULTS);
  }

  JdbcEventLog log() {
    return log;
  }

  /** A relay of this instance; to be closed before it. */
  OutboxRelay relay(String instance) {
    OutboxRelay relay = new OutboxRelay(log, source, settings, instance, threads, timer);
    relay.start();
    return relay;
  }

  /** What the listener was told of a room. */
  List<Event> committed(RoomName room) {
    synchronized (committed) {
      return committed.stream().filter(event -> event.room().equals(room)).toList();
    }
  }

  CompletableFuture<AppendResult> publish(RoomName room, String data) {
    return log.append(publication(room, UUID.randomUUID().toString(), false, data));
  }

  CompletableFuture<AppendResult> publish(RoomName room, String key, String data) {
    return log.append(publication(room, key, true, data));
  }

  static Publication publication(RoomName room, String id, boolean keyed, String data) {
    return new Publication(room, id, keyed, new EventName("test"), data, null, "alice", null);
  }

  static AppendResult.Appended appended(CompletableFuture<AppendResult> answer) throws Exception {
    AppendResult result = answer.get(20, TimeUnit.SECONDS);
    if (result instanceof AppendResult.Appended done) {
      return done;
    }
    throw new AssertionError("not appended: " + result);
  }

  static AppendResult.NotAppended refused(CompletableFuture<AppendResult> answer) throws Exception {
    AppendResult result = answer.get(20, TimeUnit.SECONDS);
    if (result instanceof AppendResult.NotAppended not) {
      return not;
    }
    throw new AssertionError("appended after all: " + result);
  }

  @Override
  public void close() {
    log.close();
    timer.shutdownNow();
    threads.shutdown();
  }
}
