package io.carillon.transport.duplex;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Permits of one message, held until its processing ends, on any thread. Thread-safe. */
final class Permits {
  private final Semaphore from;
  private final AtomicInteger held;

  /** Takes over permits that were acquired before. */
  Permits(Semaphore from, int held) {
    this.from = from;
    this.held = new AtomicInteger(held);
  }

  /** Releases the permits. Idempotent. */
  void release() {
    int all = held.getAndSet(0);
    if (all > 0) {
      from.release(all);
    }
  }

  /** Hands the permits over: returns the task that releases them; {@link #release} does not. */
  Runnable handOver() {
    return new Permits(from, held.getAndSet(0))::release;
  }
}
