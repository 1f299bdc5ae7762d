package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import io.carillon.core.Identity;
import io.carillon.core.limit.Limits;

/**
 * End of a connection that counts for its user and its address, as they were when it was opened.
 *
 * @param next told after the count
 */
record CountedEnd(Limits limits, Limits.Place place, ConnectionEnd.EndListener next)
    implements ConnectionEnd.EndListener {
  /**
   * Counts a connection that opens.
   *
   * @throws io.carillon.core.RefusedException if there are too many
   */
  static ConnectionEnd.EndListener of(
      Limits limits, Identity who, String address, ConnectionEnd.EndListener next) {
    Limits.Place place = limits.enter(who, address);
    return place.equals(Limits.Place.NONE) ? next : new CountedEnd(limits, place, next);
  }

  @Override
  public void ended(Connection connection, CloseCode code, boolean closes) {
    limits.exit(place);
    next.ended(connection, code, closes);
  }

  @Override
  public void closed(Connection connection) {
    next.closed(connection);
  }
}
