package io.carillon.protocol.socketio;

import io.carillon.socketio.Arguments;
import io.carillon.socketio.MissingAckException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Acknowledgements that one socket owes to the server, each with a time-out. Thread-safe. */
final class SocketAcks {
  /** Maximum number of acknowledgements that are waited for. */
  static final int MOST = 1000;

  private final Map<Long, CompletableFuture<Arguments>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong(-1);
  private final BiConsumer<Runnable, Duration> later;
  private final Executor callbacks;
  private volatile boolean ended;

  /**
   * Begins with none.
   *
   * @param later runs a short task after a while
   * @param callbacks runs the application's continuations
   */
  SocketAcks(BiConsumer<Runnable, Duration> later, Executor callbacks) {
    this.later = later;
    this.callbacks = callbacks;
  }

  /** Acknowledgement that is waited for, with the number that the peer is to give. */
  record Awaited(long id, CompletableFuture<Arguments> answer) {}

  /** Begins to wait for an acknowledgement. */
  Awaited expect(Duration timeout) {
    CompletableFuture<Arguments> answer = new CompletableFuture<>();
    long id = last.incrementAndGet();
    if (waiting.size() >= MOST) {
      answer.completeExceptionally(new MissingAckException("too many are waited for", List.of()));
      return new Awaited(id, answer);
    }
    waiting.put(id, answer);
    later.accept(() -> fail(id, "not answered in time"), timeout);
    if (ended) {
      fail(id, "the socket has ended");
    }
    return new Awaited(id, answer);
  }

  /**
   * Takes an acknowledgement of the peer; one that is not waited for, or no longer, is ignored.
   *
   * @param id number as the peer wrote it
   */
  void answered(@Nullable String id, Arguments args) {
    CompletableFuture<Arguments> answer = id == null ? null : waiting.remove(Long.parseLong(id));
    if (answer != null) {
      callbacks.execute(() -> answer.complete(args));
    }
  }

  /** Fails all waits: the socket has ended. */
  void end() {
    ended = true;
    List.copyOf(waiting.keySet()).forEach(id -> fail(id, "the socket has ended"));
  }

  private void fail(long id, String why) {
    CompletableFuture<Arguments> answer = waiting.remove(id);
    if (answer != null) {
      callbacks.execute(
          () -> answer.completeExceptionally(new MissingAckException(why, List.of())));
    }
  }
}
