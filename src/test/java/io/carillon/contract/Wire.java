package io.carillon.contract;

import io.carillon.core.connection.Farewell;
import io.carillon.protocol.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A client's end of a two-way carrier: what came in on it, and how it was closed. Thread-safe. */
public abstract class Wire implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Message> got = new ArrayList<>();
  private int read;
  private @Nullable Farewell end;

  /** Makes an open one. */
  protected Wire() {}

  /** Sends a message; in the order of the calls. */
  public abstract void send(Message message);

  /** Goes without a word. */
  @Override
  public abstract void close();

  /** A message came in. */
  protected final void heard(Message message) {
    lock.lock();
    try {
      got.add(message);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The server has closed it. */
  protected final void ended(int code, String reason) {
    lock.lock();
    try {
      if (end == null) {
        end = new Farewell(List.of(), code, reason);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next message; null: it was closed before one came. */
  public @Nullable Message next() {
    lock.lock();
    try {
      long left = PATIENCE.toNanos();
      while (read == got.size()) {
        if (end != null) {
          return null;
        }
        if (left <= 0) {
          throw new AssertionError("nothing more came after " + got);
        }
        left = changed.awaitNanos(left);
      }
      return got.get(read++);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      lock.unlock();
    }
  }

  /** How it was closed; call when {@link #next} was null. */
  Farewell end() {
    lock.lock();
    try {
      if (end == null) {
        throw new AssertionError("it is open");
      }
      return end;
    } finally {
      lock.unlock();
    }
  }
}
