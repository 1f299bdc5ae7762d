package io.carillon.core.spi;

import io.carillon.core.Publication;

/**
 * Transactional outbox, for publishing inside the caller's own transaction: the event is in the log
 * exactly once soon after the commit, and never after a rollback. Takes no lock that another room
 * or publisher waits for.
 */
public interface Outbox {
  /**
   * Adds the event to the transaction that the calling thread is in. Its {@code origin} is not
   * kept.
   *
   * @return the event's id
   * @throws io.carillon.core.RefusedException if the database finds a part not valid; the
   *     transaction has failed then
   * @throws LogUnavailableException if the database could not be reached
   */
  String publish(Publication publication);

  /** Wakes the relay after a commit; returns at once. */
  void wake();
}
