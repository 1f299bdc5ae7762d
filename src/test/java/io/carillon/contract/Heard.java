package io.carillon.contract;

import static org.junit.jupiter.api.Assertions.fail;

import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** A listener that remembers everything and lets a test wait for what it expects. */
public final class Heard implements Backplane.Listener {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicInteger inside = new AtomicInteger();

  public final Map<RoomName, String> positions = new HashMap<>();
  public final Map<RoomName, Long> highest = new HashMap<>();
  public final Map<RoomName, Long> revisions = new HashMap<>();
  public final List<Signal> signals = new ArrayList<>();
  public final List<Backplane.Control> controls = new ArrayList<>();
  public int everything;
  public int missed;
  public int calls;
  public boolean overlapped;

  @Override
  public void rang(RoomName room, String epoch, long seq) {
    note(
        () -> {
          positions.put(room, epoch + '.' + seq);
          highest.merge(room, seq, Math::max);
        });
  }

  @Override
  public void presenceRang(RoomName room, long revision) {
    note(() -> revisions.put(room, revision));
  }

  @Override
  public void signalled(Signal signal) {
    note(() -> signals.add(signal));
  }

  @Override
  public void controlled(Backplane.Control control) {
    note(() -> controls.add(control));
  }

  @Override
  public void everything() {
    note(() -> everything++);
  }

  @Override
  public void missed() {
    note(() -> missed++);
  }

  private void note(Runnable what) {
    if (inside.incrementAndGet() != 1) {
      overlapped = true;
    }
    lock.lock();
    try {
      what.run();
      calls++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    inside.decrementAndGet();
  }

  /** Waits up to ten seconds until the predicate holds. */
  public void await(String what, Predicate<Heard> predicate) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(10);
      while (!predicate.test(this)) {
        if (left <= 0) {
          fail("not heard within 10 s: " + what);
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Reads something under the lock. */
  public boolean now(Predicate<Heard> predicate) {
    lock.lock();
    try {
      return predicate.test(this);
    } finally {
      lock.unlock();
    }
  }
}
