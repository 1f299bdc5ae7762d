package io.carillon.core.room;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A blocking read whose answer is shared by all who asked before it began: one in flight, and what
 * anybody gets is never older than the question. A failure is shared likewise. Who waits holds no
 * other lock.
 *
 * @param <T> what is read
 */
final class Fresh<T> {
  private final ReentrantLock turn = new ReentrantLock();
  private volatile long begun;
  private long answered;
  private @Nullable T value;
  private @Nullable RuntimeException failure;

  /** The answer of a read that begins after this call did. */
  T read(Supplier<T> read) {
    long known = begun;
    turn.lock();
    try {
      if (answered <= known) {
        begin(read);
      }
      if (value == null) {
        throw failure == null ? new IllegalStateException("nothing was read") : failure;
      }
      return value;
    } finally {
      turn.unlock();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the turn only
  private void begin(Supplier<T> read) {
    begun++;
    value = null;
    failure = null;
    try {
      value = read.get();
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      answered = begun;
    }
  }
}
