package io.carillon.core.room;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Single-flight read: concurrent callers of one key share one read, with its value or failure.
 * {@link #join} joins a read in flight; {@link #fresh} never returns a value whose read began
 * before the call. Thread-safe. Both block, hold no lock during the read, and must not be called
 * with a lock held.
 *
 * @param <K> the key
 * @param <V> the value
 */
final class SingleFlight<K, V> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<K, Flight<V>> flights = new HashMap<>();

  /** One read. All fields but the answer are guarded by the lock. */
  private static final class Flight<V> {
    private final CompletableFuture<V> answer = new CompletableFuture<>();
    private boolean begun;

    /** The read of the callers that came after this one began; the first of them executes it. */
    private @Nullable Flight<V> next;
  }

  /** The value of the read in flight, or of one that begins now. */
  V join(K key, Supplier<V> read) {
    return ask(key, read, true);
  }

  /** The value of a read that begins after this call. */
  V fresh(K key, Supplier<V> read) {
    return ask(key, read, false);
  }

  private V ask(K key, Supplier<V> read, boolean underWay) {
    Flight<V> mine = new Flight<>();
    Flight<V> before;
    Flight<V> theirs = null;
    lock.lock();
    try {
      before = flights.putIfAbsent(key, mine);
      if (before == null) {
        mine.begun = true;
      } else {
        theirs = underWay || !before.begun ? before : before.next;
        if (theirs == null) {
          before.next = mine;
        }
      }
    } finally {
      lock.unlock();
    }
    if (theirs != null) {
      return share(theirs);
    }
    if (before != null) {
      awaitTurn(before, mine);
    }
    return fly(key, mine, read);
  }

  /** Waits until the read before has ended, well or not. */
  private void awaitTurn(Flight<V> before, Flight<V> mine) {
    before.answer.handle((value, failure) -> true).join();
    lock.lock();
    try {
      mine.begun = true;
    } finally {
      lock.unlock();
    }
  }

  private V fly(K key, Flight<V> mine, Supplier<V> read) {
    try {
      V value = read.get();
      end(key, mine);
      mine.answer.complete(value);
      return value;
    } catch (Throwable failure) {
      end(key, mine);
      mine.answer.completeExceptionally(failure);
      throw failure;
    }
  }

  /** Passes the key on to the next read, before the answer is published. */
  private void end(K key, Flight<V> mine) {
    lock.lock();
    try {
      if (mine.next == null) {
        flights.remove(key);
      } else {
        flights.put(key, mine.next);
      }
    } finally {
      lock.unlock();
    }
  }

  private static <V> V share(Flight<V> theirs) {
    try {
      return theirs.answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
