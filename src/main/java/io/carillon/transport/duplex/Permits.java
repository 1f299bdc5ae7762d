package io.carillon.transport.duplex;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Permits that one message holds until it is worked on, wherever that is. Thread-safe. */
final class Permits {
  private final Semaphore from;
  private final AtomicInteger held;

  /** Takes over permits that were acquired. */
  Permits(Semaphore from, int held) {
    this.from = from;
    this.held = new AtomicInteger(held);
  }

  /** Gives back what is held; nothing at the second call. */
  void release() {
    int all = held.getAndSet(0);
    if (all > 0) {
      from.release(all);
    }
  }

  /** Leaves it to somebody else to give back; {@link #release} has no effect any more. */
  Runnable handOver() {
    return new Permits(from, held.getAndSet(0))::release;
  }
}
