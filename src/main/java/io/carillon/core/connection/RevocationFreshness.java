package io.carillon.core.connection;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * Age of this instance's knowledge of revoked rights. While it is too old, nothing of a room is
 * delivered, for a reader may have lost the right to it: an instance that stood still, or that the
 * database cannot reach, pauses and keeps its connections. Events wait in the log, signals are
 * lost. Thread-safe; nothing blocks.
 */
public final class RevocationFreshness {
  /** The oldest knowledge that is acted upon. */
  public static final Duration MOST = Duration.ofSeconds(4);

  private final long mostNanos;
  private final LongSupplier nanos;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private volatile long renewed;

  /**
   * Knows everything at first.
   *
   * @param most how old the knowledge may be
   * @param nanos a monotonic clock, which also goes on while the process stands still
   */
  public RevocationFreshness(Duration most, LongSupplier nanos) {
    this.mostNanos = most.toNanos();
    this.nanos = nanos;
    this.renewed = nanos.getAsLong();
  }

  /** For tests of something else: never too old. */
  public static RevocationFreshness always() {
    return new RevocationFreshness(MOST, () -> 0);
  }

  /** What to tell {@link #renew}; ask before the knowledge is read. */
  public long now() {
    return nanos.getAsLong();
  }

  /**
   * All is known that was true at that moment, and the connections that had lost a right were
   * closed. What has waited for that goes on, as long as what is known does not become too old
   * meanwhile: then the rest waits for the next time, and so does a task that has asked again.
   *
   * @param asOf from {@link #now}
   */
  public void renew(long asOf) {
    renewed = asOf;
    while (current()) {
      Runnable next = waiting.poll();
      if (next == null) {
        return;
      }
      next.run();
    }
  }

  /** Whether what is known is fresh enough to deliver. */
  public boolean current() {
    return nanos.getAsLong() - renewed <= mostNanos;
  }

  /**
   * Runs a short task when what is known has been read anew, unless it is fresh enough already.
   *
   * @return false: it is, and the task was not kept
   */
  boolean keepUntilCurrent(Runnable task) {
    return !current() && waiting.add(task);
  }
}
