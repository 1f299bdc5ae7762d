package io.carillon.kit;

import io.carillon.core.CloseCode;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A carrier that remembers what it was given. It answers each write at once, or when told ({@link
 * #stall}), and notices what a carrier must never see: two writes at a time, a write after the
 * close, two closes. Thread-safe.
 */
public final class RecordingSink implements FrameSink {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Object> got = new ArrayList<>();
  private final List<Integer> writes = new ArrayList<>();
  private boolean stalled;
  private boolean hurried;
  private @Nullable Written open;
  private @Nullable CloseCode closed;
  private boolean closeHeld;
  private @Nullable Runnable closing;
  private @Nullable String wrong;

  @Override
  public void write(List<Frame> frames, Written done) {
    boolean answer;
    lock.lock();
    try {
      if (open != null) {
        wrong = "two writes at a time";
      }
      if (closed != null) {
        wrong = "a write after the close";
      }
      if (frames.isEmpty()) {
        wrong = "an empty write";
      }
      frames.forEach(f -> got.add(((PlainFrames.PlainFrame) f).content()));
      writes.add(frames.size());
      answer = !stalled;
      open = answer ? null : done;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (answer) {
      done.ended(true);
    }
  }

  @Override
  public void close(CloseCode code, Farewell farewell, Runnable told) {
    boolean now;
    lock.lock();
    try {
      if (closed != null) {
        wrong = "two closes";
      }
      closed = code;
      now = !closeHeld;
      closing = now ? null : told;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (now) {
      told.run();
    }
  }

  /** From now on a close is told of only by {@link #tellClosed}. */
  public RecordingSink holdClose() {
    lock.lock();
    try {
      closeHeld = true;
    } finally {
      lock.unlock();
    }
    return this;
  }

  /** Tells that the close has gone out. */
  public void tellClosed() {
    Runnable told;
    lock.lock();
    try {
      told = closing;
    } finally {
      lock.unlock();
    }
    if (told == null) {
      throw new AssertionError("no close is held");
    }
    told.run();
  }

  @Override
  public void hurry() {
    lock.lock();
    try {
      hurried = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether its writes were told to wait for the peer no longer. */
  public boolean hurried() {
    lock.lock();
    try {
      return hurried;
    } finally {
      lock.unlock();
    }
  }

  /** From now on writes end only when told. */
  public RecordingSink stall() {
    lock.lock();
    try {
      stalled = true;
    } finally {
      lock.unlock();
    }
    return this;
  }

  /** From now on writes end at once again, the one under way too. */
  public void flow() {
    lock.lock();
    try {
      stalled = false;
    } finally {
      lock.unlock();
    }
    end(true);
  }

  /** Ends the write under way, if there is one. */
  public boolean end(boolean ok) {
    Written done;
    lock.lock();
    try {
      done = open;
      open = null;
    } finally {
      lock.unlock();
    }
    if (done != null) {
      done.ended(ok);
    }
    return done != null;
  }

  /** What was written so far. */
  public List<Object> got() {
    lock.lock();
    try {
      if (wrong != null) {
        throw new AssertionError(wrong);
      }
      return List.copyOf(got);
    } finally {
      lock.unlock();
    }
  }

  /** How many frames were written so far. */
  public int count() {
    lock.lock();
    try {
      return got.size();
    } finally {
      lock.unlock();
    }
  }

  /** The last frame that was written, or null. */
  public @Nullable Object latest() {
    lock.lock();
    try {
      return got.isEmpty() ? null : got.getLast();
    } finally {
      lock.unlock();
    }
  }

  /** What was written so far, of one kind. */
  public <T> List<T> got(Class<T> kind) {
    return got().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** How many frames each write had. */
  public List<Integer> writes() {
    lock.lock();
    try {
      return List.copyOf(writes);
    } finally {
      lock.unlock();
    }
  }

  /** With which code it was closed, or null. */
  public @Nullable CloseCode closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until what was written fulfils a condition. */
  public List<Object> await(Predicate<List<Object>> condition) {
    return awaitThat(() -> condition.test(got));
  }

  /** Waits until the carrier is closed. */
  public void awaitClosed() {
    awaitThat(() -> closed != null);
  }

  private List<Object> awaitThat(BooleanSupplier condition) {
    long left = TimeUnit.SECONDS.toNanos(60);
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          throw new AssertionError("waited in vain; got " + got);
        }
        left = changed.awaitNanos(left);
      }
      return List.copyOf(got);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      lock.unlock();
    }
  }
}
