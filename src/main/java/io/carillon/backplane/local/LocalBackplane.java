package io.carillon.backplane.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * In-process backplane of one instance, a member of a {@link LocalHub}. Messages wait in a bounded
 * mailbox and are delivered on one thread of the executor at a time; a full mailbox is emptied, and
 * the listener has to compare everything.
 */
public final class LocalBackplane implements Backplane {
  private static final int MAX_WAITING = 10_000;

  private final LocalHub hub;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayDeque<Consumer<Listener>> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private @Nullable Listener listener;

  @GuardedBy("lock")
  private boolean telling;

  /**
   * Creates a backplane; {@link #start} joins the hub.
   *
   * @param executor runs the listener, for as long as something waits
   */
  public LocalBackplane(LocalHub hub, Executor executor) {
    this.hub = hub;
    this.executor = executor;
  }

  @Override
  public void start(Listener told) {
    lock.lock();
    try {
      listener = told;
    } finally {
      lock.unlock();
    }
    hub.enter(this);
    arrive(Listener::missed);
  }

  @Override
  public void ring(RoomName room, String epoch, long seq) {
    say(l -> l.rang(room, epoch, seq));
  }

  @Override
  public void ringPresence(RoomName room, long revision) {
    say(l -> l.presenceRang(room, revision));
  }

  @Override
  public void send(Signal signal) {
    say(l -> l.signalled(signal));
  }

  @Override
  public void send(Control control) {
    say(l -> l.controlled(control));
  }

  @Override
  public boolean connected() {
    return heard() != null;
  }

  @Override
  public void close() {
    hub.leave(this);
    lock.lock();
    try {
      listener = null;
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Listener heard() {
    lock.lock();
    try {
      return listener;
    } finally {
      lock.unlock();
    }
  }

  private void say(Consumer<Listener> signal) {
    if (connected()) {
      hub.toOthers(this, other -> other.arrive(signal));
    }
  }

  private void arrive(Consumer<Listener> signal) {
    lock.lock();
    try {
      if (listener == null) {
        return;
      }
      if (waiting.size() >= MAX_WAITING) {
        waiting.clear();
        waiting.add(Listener::everything);
      }
      waiting.add(signal);
      if (telling) {
        return;
      }
      telling = true;
    } finally {
      lock.unlock();
    }
    executor.execute(this::tell);
  }

  private void tell() {
    while (true) {
      Consumer<Listener> signal;
      Listener told;
      lock.lock();
      try {
        signal = waiting.poll();
        told = listener;
        if (signal == null || told == null) {
          telling = false;
          return;
        }
      } finally {
        lock.unlock();
      }
      signal.accept(told);
    }
  }
}
