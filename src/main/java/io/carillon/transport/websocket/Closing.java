package io.carillon.transport.websocket;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion of a socket's close and its writes: a close during a blocking write would leave
 * the writing thread blocked for ever. Thread-safe.
 */
final class Closing {
  private final ReentrantLock lock = new ReentrantLock();
  private boolean writing;
  private boolean begun;
  private @Nullable Runnable waiting;

  /** Begins a write; false: the socket is closing, nothing may be written. */
  boolean beginWrite() {
    lock.lock();
    try {
      writing = !begun;
      return writing;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a write; a close that waits for it runs here. */
  void endWrite() {
    Runnable now;
    lock.lock();
    try {
      writing = false;
      now = waiting;
      waiting = null;
    } finally {
      lock.unlock();
    }
    if (now != null) {
      now.run();
    }
  }

  /** Runs {@code close} now, or at the end of the current write; only the first call counts. */
  void begin(Runnable close) {
    lock.lock();
    try {
      if (begun) {
        return;
      }
      begun = true;
      if (writing) {
        waiting = close;
        return;
      }
    } finally {
      lock.unlock();
    }
    close.run();
  }
}
