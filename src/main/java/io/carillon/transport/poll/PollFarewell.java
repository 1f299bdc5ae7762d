package io.carillon.transport.poll;

import io.carillon.core.connection.Farewell;
import org.jspecify.annotations.Nullable;

/**
 * Farewell of a link over polls, from the close of the link until the answer to a GET has carried
 * it to the peer. Thread-safe.
 */
final class PollFarewell {
  private final Farewell farewell;
  private final Runnable out;
  private volatile DuplexPoll.@Nullable Waiter bearer;

  /**
   * Creates a farewell that no GET has carried yet.
   *
   * @param out called when it is delivered or given up; perhaps twice
   */
  PollFarewell(Farewell farewell, Runnable out) {
    this.farewell = farewell;
    this.out = out;
  }

  /** Answers a GET with it; to be called without a lock. */
  void answer(DuplexPoll.Waiter asks) {
    bearer = asks;
    asks.closed(farewell);
  }

  /** Notes the end of a GET's request; the farewell is delivered if that GET carried it. */
  void over(DuplexPoll.Waiter request) {
    if (request.equals(bearer)) {
      out.run();
    }
  }

  /** Gives it up: no GET will come. */
  void dropped() {
    out.run();
  }
}
