package io.carillon.transport.poll;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.CloseCode;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Message;
import io.carillon.transport.duplex.MovableSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carrier whose peer fetches what is written. One write waits at a time until a GET takes it, and
 * at most one GET waits for a write. Waiting requests are answered without the lock. Thread-safe.
 */
final class PollCarrier implements MovableSink.Movable {
  /** How long a GET waits before it is answered with nothing. */
  static final Duration WAIT = Duration.ofSeconds(25);

  /** How long a peer may have no GET open. */
  static final Duration ABSENCE = Duration.ofSeconds(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Codec codec;
  private final LongSupplier nanos;

  @GuardedBy("lock")
  private DuplexPoll.@Nullable Waiter waiter;

  @GuardedBy("lock")
  private @Nullable PollFarewell end;

  @GuardedBy("lock")
  private List<Message> ready = List.of();

  /** Told when what is ready is taken; null: nothing is ready, or nobody waits for that. */
  @GuardedBy("lock")
  private @Nullable Written taken;

  /** Last words do not wait for a GET: they are kept for it. */
  @GuardedBy("lock")
  private boolean hurried;

  /** The peer is about to leave: no GET waits. */
  @GuardedBy("lock")
  private boolean moving;

  /** The peer will not come any more. */
  @GuardedBy("lock")
  private boolean over;

  /** Since when it is as it is: a GET waits, or none does. */
  @GuardedBy("lock")
  private long since;

  PollCarrier(Codec codec, LongSupplier nanos) {
    this.codec = codec;
    this.nanos = nanos;
    this.since = nanos.getAsLong();
  }

  /** Answers a GET, now or later; false: there are two of them, and both are told so. */
  boolean get(DuplexPoll.Waiter asks) {
    DuplexPoll.Waiter other;
    List<Message> messages;
    Written done;
    PollFarewell farewell;
    boolean waits;
    lock.lock();
    try {
      since = nanos.getAsLong();
      other = waiter;
      messages = ready;
      done = taken;
      farewell = messages.isEmpty() ? end : null;
      waits = other == null && messages.isEmpty() && farewell == null && !moving && !over;
      waiter = waits ? asks : null;
      ready = List.of();
      taken = null;
      over |= farewell != null;
    } finally {
      lock.unlock();
    }
    if (other != null) {
      other.superseded();
      asks.superseded();
      return false;
    }
    if (farewell != null) {
      farewell.answer(asks);
    } else if (!waits) {
      asks.messages(messages);
    }
    if (done != null) {
      done.ended(true);
    }
    return true;
  }

  /** The request of a GET is over, answered or not. */
  void forget(DuplexPoll.Waiter asks) {
    PollFarewell farewell;
    lock.lock();
    try {
      farewell = end;
      if (asks.equals(waiter)) {
        waiter = null;
        since = nanos.getAsLong();
      }
    } finally {
      lock.unlock();
    }
    if (farewell != null) {
      farewell.over(asks);
    }
  }

  @Override
  public void write(List<Frame> frames, Written done) {
    List<Message> messages = codec.join(frames);
    DuplexPoll.Waiter asks = null;
    boolean waits = false;
    lock.lock();
    try {
      if (!messages.isEmpty()) {
        asks = waiter;
        if (asks == null) {
          waits = !hurried;
          ready = messages;
          taken = waits ? done : null;
        } else {
          waiter = null;
          since = nanos.getAsLong();
        }
      }
    } finally {
      lock.unlock();
    }
    if (asks != null) {
      asks.messages(messages);
    }
    if (!waits) {
      done.ended(true);
    }
  }

  @Override
  public void hurry() {
    Written done;
    lock.lock();
    try {
      hurried = true;
      done = taken;
      taken = null;
      ready = done == null ? ready : List.of();
    } finally {
      lock.unlock();
    }
    if (done != null) {
      done.ended(false);
    }
  }

  @Override
  public boolean withdraw() {
    lock.lock();
    try {
      boolean waits = taken != null;
      taken = null;
      ready = waits ? List.of() : ready;
      return waits;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean present() {
    DuplexPoll.Waiter late = null;
    boolean absent;
    lock.lock();
    try {
      long passed = nanos.getAsLong() - since;
      absent = waiter == null && passed > ABSENCE.toNanos();
      if (waiter != null && passed > WAIT.toNanos()) {
        late = letGo();
      }
    } finally {
      lock.unlock();
    }
    if (late != null) {
      late.messages(List.of());
    }
    return !absent;
  }

  @Override
  public void close(CloseCode code, Farewell farewell, Runnable closed) {
    PollFarewell last = new PollFarewell(farewell, closed);
    DuplexPoll.Waiter asks;
    boolean nobody;
    lock.lock();
    try {
      end = last;
      nobody = over;
      asks = letGo();
      over |= asks != null;
    } finally {
      lock.unlock();
    }
    if (asks != null) {
      last.answer(asks);
    } else if (nobody) {
      last.dropped();
    }
  }

  /** Lets GETs wait no more, or again. */
  void moving(boolean soon) {
    DuplexPoll.Waiter asks = null;
    lock.lock();
    try {
      moving = soon;
      if (soon) {
        asks = letGo();
      }
    } finally {
      lock.unlock();
    }
    if (asks != null) {
      asks.messages(List.of());
    }
  }

  /** The peer comes no more; a GET that waits is answered with nothing. False: that was so. */
  boolean leave() {
    DuplexPoll.Waiter asks;
    PollFarewell farewell;
    boolean open;
    lock.lock();
    try {
      farewell = end;
      open = !over && farewell == null;
      over = true;
      asks = letGo();
    } finally {
      lock.unlock();
    }
    if (asks != null) {
      asks.messages(List.of());
    }
    if (farewell != null) {
      farewell.dropped();
    }
    return open;
  }

  @GuardedBy("lock")
  private DuplexPoll.@Nullable Waiter letGo() {
    DuplexPoll.Waiter asks = waiter;
    waiter = null;
    since = nanos.getAsLong();
    return asks;
  }

  /**
   * Whether nobody will ask any more.
   *
   * @param closing whether the connection is: then its peer is not waited for longer than else
   */
  boolean isOver(boolean closing) {
    lock.lock();
    try {
      return over || (closing && nanos.getAsLong() - since > ABSENCE.toNanos());
    } finally {
      lock.unlock();
    }
  }
}
