package io.carillon.transport.poll;

import io.carillon.core.connection.Farewell;
import org.jspecify.annotations.Nullable;

/**
 * Farewell of a link over polls, from the close until the answer to a GET has carried it out.
 * Thread-safe.
 */
final class PollFarewell {
  private final Farewell farewell;
  private final Runnable out;
  private volatile DuplexPoll.@Nullable Waiter bearer;

  /**
   * Makes one that has gone nowhere yet.
   *
   * @param out told when it is out, or when nobody comes for it any more; perhaps twice
   */
  PollFarewell(Farewell farewell, Runnable out) {
    this.farewell = farewell;
    this.out = out;
  }

  /** Gives it to a GET, without a lock. */
  void answer(DuplexPoll.Waiter asks) {
    bearer = asks;
    asks.closed(farewell);
  }

  /** The request of a GET is over: if it was given to that one, it is out. */
  void over(DuplexPoll.Waiter request) {
    if (request.equals(bearer)) {
      out.run();
    }
  }

  /** Nobody comes for it. */
  void dropped() {
    out.run();
  }
}
