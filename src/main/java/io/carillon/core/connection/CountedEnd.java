package io.carillon.core.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.CloseCode;
import io.carillon.core.Identity;
import io.carillon.core.limit.Limits;
import java.util.concurrent.locks.ReentrantLock;

/**
 * End of a connection that counts for its address as it was when it was opened, and for its user as
 * it is. Thread-safe.
 */
final class CountedEnd implements ConnectionEnd.EndListener {
  private final Limits limits;
  private final String address;
  private final ConnectionEnd.EndListener next;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private Limits.Place place;

  @GuardedBy("lock")
  private boolean over;

  private CountedEnd(
      Limits limits, Limits.Place place, String address, ConnectionEnd.EndListener next) {
    this.limits = limits;
    this.place = place;
    this.address = address;
    this.next = next;
  }

  /**
   * Counts a connection that opens.
   *
   * @param next told after the count
   * @throws io.carillon.core.RefusedException if there are too many
   */
  static ConnectionEnd.EndListener of(
      Limits limits, Identity who, String address, ConnectionEnd.EndListener next) {
    return limits.any() ? new CountedEnd(limits, limits.enter(who, address), address, next) : next;
  }

  @Override
  public void identified(Identity fresh) {
    lock.lock();
    try {
      if (!over) {
        place = limits.identified(place, fresh, address);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ended(Connection connection, CloseCode code, boolean closes) {
    lock.lock();
    try {
      over = true;
      limits.exit(place);
    } finally {
      lock.unlock();
    }
    next.ended(connection, code, closes);
  }

  @Override
  public void closed(Connection connection) {
    next.closed(connection);
  }
}
