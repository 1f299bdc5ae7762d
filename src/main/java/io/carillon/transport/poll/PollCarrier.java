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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Carrier of a link over long polls. At most one write waits for a GET, and at most one GET waits
 * for a write. Requests are answered without the lock. Thread-safe.
 */
final class PollCarrier implements MovableSink.Movable {
  /** Maximum wait of a GET, which is then answered without messages. */
  static final Duration WAIT = Duration.ofSeconds(25);

  /** Maximum time without a GET; a peer that is absent for longer counts as gone. */
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

  /** Whether the waiting GET holds the ready messages and waits only for the next write. */
  @GuardedBy("lock")
  private boolean gathering;

  /** End of the write of the ready messages; null: it was reported, or nothing is ready. */
  @GuardedBy("lock")
  private @Nullable Written taken;

  /** Whether writes end at once, without a GET; their messages are kept for the next one. */
  @GuardedBy("lock")
  private boolean hurried;

  /** Whether the link is about to move to another carrier: no GET waits. */
  private volatile boolean moving;

  /** Whether the peer polls no more. */
  @GuardedBy("lock")
  private boolean over;

  /** Time when a GET last came or ceased to wait, in nanoseconds of the clock. */
  @GuardedBy("lock")
  private long since;

  PollCarrier(Codec codec, LongSupplier nanos) {
    this.codec = codec;
    this.nanos = nanos;
    this.since = nanos.getAsLong();
  }

  /** Answers a GET, now or later; false: another one waits, and both are refused. */
  boolean get(DuplexPoll.Waiter asks) {
    DuplexPoll.Waiter other;
    List<Message> messages = List.of();
    Written done;
    PollFarewell farewell;
    boolean waits;
    lock.lock();
    try {
      since = nanos.getAsLong();
      other = waiter;
      done = taken;
      taken = null;
      farewell = ready.isEmpty() ? end : null;
      gathering = other == null && done != null;
      waits =
          other == null && (gathering || (ready.isEmpty() && farewell == null && !moving && !over));
      waiter = waits ? asks : null;
      if (!gathering) {
        messages = ready;
        ready = List.of();
      }
      over |= farewell != null;
    } finally {
      lock.unlock();
    }
    if (other != null) {
      other.superseded();
      asks.superseded();
    } else if (farewell != null) {
      farewell.answer(asks);
    } else if (!waits) {
      asks.messages(messages);
    }
    if (done != null) {
      done.ended(true);
    }
    return other == null;
  }

  /** Notes the end of a GET's request, answered or not. */
  void forget(DuplexPoll.Waiter asks) {
    PollFarewell farewell;
    lock.lock();
    try {
      farewell = end;
      if (asks.equals(waiter)) {
        letGo();
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
    DuplexPoll.Waiter asks;
    boolean waits = false;
    lock.lock();
    try {
      asks = messages.isEmpty() ? null : waiter;
      if (asks != null) {
        messages = Stream.concat(letGo().stream(), messages.stream()).toList();
      } else if (!messages.isEmpty()) {
        waits = !hurried;
        ready = messages;
        taken = waits ? done : null;
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
  public void idle() {
    release(true);
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
    long passed;
    boolean waits;
    lock.lock();
    try {
      passed = nanos.getAsLong() - since;
      waits = waiter != null;
    } finally {
      lock.unlock();
    }
    if (waits && passed > WAIT.toNanos()) {
      release(false);
    }
    return waits || passed <= ABSENCE.toNanos();
  }

  /** Answers the waiting GET with the messages it holds; {@code gathered}: only if it holds any. */
  private void release(boolean gathered) {
    DuplexPoll.Waiter asks;
    List<Message> messages;
    lock.lock();
    try {
      if (gathered && !gathering) {
        return;
      }
      asks = waiter;
      messages = letGo();
    } finally {
      lock.unlock();
    }
    if (asks != null) {
      asks.messages(messages);
    }
  }

  @Override
  public void close(CloseCode code, Farewell farewell, Runnable closed) {
    PollFarewell last = new PollFarewell(farewell, closed);
    DuplexPoll.Waiter asks;
    List<Message> messages;
    boolean nobody;
    lock.lock();
    try {
      end = last;
      nobody = over;
      asks = waiter;
      messages = letGo();
      over |= asks != null && messages.isEmpty();
    } finally {
      lock.unlock();
    }
    if (asks != null && messages.isEmpty()) {
      last.answer(asks);
    } else if (asks != null) {
      asks.messages(messages);
    } else if (nobody) {
      last.dropped();
    }
  }

  /** Sets whether the link is about to move; if so, a waiting GET is answered without messages. */
  void moving(boolean soon) {
    moving = soon;
    if (soon) {
      release(false);
    }
  }

  /** Ends polling; a waiting GET is answered without messages. False: polling had ended before. */
  boolean leave() {
    PollFarewell farewell;
    boolean open;
    lock.lock();
    try {
      farewell = end;
      open = !over && farewell == null;
      over = true;
    } finally {
      lock.unlock();
    }
    release(false);
    if (farewell != null) {
      farewell.dropped();
    }
    return open;
  }

  /** Removes the waiting GET; returns the messages that it holds. */
  @GuardedBy("lock")
  private List<Message> letGo() {
    List<Message> messages = gathering ? ready : List.of();
    ready = gathering ? List.of() : ready;
    gathering = false;
    waiter = null;
    since = nanos.getAsLong();
    return messages;
  }

  /**
   * Whether the peer polls no more.
   *
   * @param closing whether the connection is closing; an absent peer is then given up
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
