package io.carillon.transport.websocket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Write credit of one socket: a sliding window over bytes that the peer has not confirmed. What was
 * written and is not confirmed is never more than the window; as long as that fits into the
 * kernel's buffers, a blocking write does not block, however slowly the peer reads.
 *
 * <p>A peer confirms by the pongs that its WebSocket stack sends by itself: a ping is due after
 * each half of the window, and its pong says that everything before it was read. More than half a
 * window is never written after the last ping, so a write that waits for credit waits for a pong
 * that is on its way. The content of a ping cannot be guessed, so no peer confirms what it has not
 * read.
 *
 * <p>Thread-safe; one thread writes, another one hears the pongs.
 */
final class Credit {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition confirmed = lock.newCondition();
  private final ArrayDeque<CreditPing> open = new ArrayDeque<>(2);
  private final int window;
  private final LongSupplier secrets;
  private long written;
  private long pinged;
  private long read;
  private boolean hurried;
  private boolean over;

  private record CreditPing(long secret, long at) {}

  /**
   * Begins with the whole window.
   *
   * @param window bytes
   * @param secrets makes unguessable contents of pings
   */
  Credit(int window, LongSupplier secrets) {
    this.window = window;
    this.secrets = secrets;
  }

  /** The most that may be written at once. */
  int largest() {
    return window / 2;
  }

  /** Takes credit for a write; false: there is not enough, and nothing was taken. */
  boolean spend(int bytes) {
    lock.lock();
    try {
      return take(bytes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes credit for a write of at most {@link #largest} bytes, waiting for it if it must.
   *
   * @param patience how long the peer may read nothing that it confirms
   * @return false: it has confirmed nothing for so long, is gone, or nobody waits any more
   */
  boolean await(int bytes, Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long before = read;
      long left = patience.toNanos();
      while (!take(bytes)) {
        if (over || hurried || left <= 0) {
          return false;
        }
        left = confirmed.awaitNanos(left);
        if (read != before) {
          before = read;
          left = patience.toNanos();
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean take(int bytes) {
    if (over || bytes > largest() || written + bytes - read > window) {
      return false;
    }
    written += bytes;
    return true;
  }

  /** The content of the ping that must follow what was written last, if one is due. */
  OptionalLong due() {
    lock.lock();
    try {
      if (written - pinged < largest()) {
        return OptionalLong.empty();
      }
      pinged = written;
      CreditPing ping = new CreditPing(secrets.getAsLong(), written);
      open.add(ping);
      return OptionalLong.of(ping.secret);
    } finally {
      lock.unlock();
    }
  }

  /** Nobody waits for credit any more. */
  void hurry() {
    lock.lock();
    try {
      hurried = true;
      confirmed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The peer is gone; waiting writes are released. */
  void end() {
    lock.lock();
    try {
      over = true;
      confirmed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A pong came in; false: it answers no ping of ours and changes nothing. */
  boolean pong(long secret) {
    lock.lock();
    try {
      if (open.stream().noneMatch(ping -> ping.secret == secret)) {
        return false;
      }
      // A peer may answer the latest of several pings alone.
      CreditPing answered;
      do {
        answered = open.remove();
      } while (answered.secret != secret);
      read = answered.at;
      confirmed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
