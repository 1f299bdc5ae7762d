package io.carillon.protocol.socketio;

import io.carillon.core.json.JsonFields;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers of all instances to one call, until all are there or the time is over. Thread-safe: the
 * lock guards all that changes, also in subclasses.
 *
 * @param <T> what the answers amount to
 */
abstract class ClusterAnswers<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final CompletableFuture<T> done = new CompletableFuture<>();
  private final SocketHub hub;
  private final Runnable over;

  /** Number of sockets by instance; that of this instance is under the empty name. */
  private final Map<String, Long> counts = new HashMap<>();

  /** Number of instances; negative: not known yet. */
  private int instances = -1;

  private boolean ended;

  /**
   * Begins without an answer.
   *
   * @param over run once, when no answer counts any more
   */
  ClusterAnswers(SocketHub hub, Runnable over) {
    this.hub = hub;
    this.over = over;
  }

  /** Stage that completes with all answers, or fails when the time is over. */
  final CompletableFuture<T> stage() {
    return done;
  }

  /** Notes how many other instances are asked. */
  final void expect(int others) {
    update(() -> instances = others + 1);
  }

  /** Takes an answer of another instance. */
  abstract void answered(JsonFields answer);

  /**
   * Whether every socket has its answer; called with the lock.
   *
   * @param sockets number of sockets by instance, of all instances
   */
  abstract boolean whole(Map<String, Long> sockets);

  /** Copy of what was answered so far; called with the lock. */
  abstract T soFar();

  /** Failure of the stage when the time is over. */
  abstract Exception late(T soFar);

  /** Notes the number of sockets of an instance; call within {@link #update}. */
  final void count(String instance, long sockets) {
    counts.put(instance, sockets);
  }

  /** Makes a change under the lock, and completes the stage if nothing is missing any more. */
  final void update(Runnable change) {
    T all;
    lock.lock();
    try {
      if (ended) {
        return;
      }
      change.run();
      ended = instances >= 0 && counts.size() >= instances && whole(counts);
      if (!ended) {
        return;
      }
      all = soFar();
    } finally {
      lock.unlock();
    }
    over.run();
    hub.callbacks().execute(() -> done.complete(all));
  }

  /** Ends the wait: the stage fails unless it is complete. */
  final void timeOut() {
    T all;
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      all = soFar();
    } finally {
      lock.unlock();
    }
    over.run();
    hub.callbacks().execute(() -> done.completeExceptionally(late(all)));
  }
}
