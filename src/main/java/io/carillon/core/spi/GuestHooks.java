package io.carillon.core.spi;

import io.carillon.core.RoomName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What is to be told to the addresses of applications, stored until it was told: by one instance at
 * a time, and by another one if that dies. Blocks; throws {@link LogUnavailableException}.
 */
public interface GuestHooks {
  /**
   * One thing to be told to one address.
   *
   * @param id its number; the earlier the lower
   * @param app the id of the application
   * @param address where to
   * @param event a JSON object as text
   * @param tries how often that was claimed, this time included
   */
  record Due(long id, String app, String address, String event, int tries) {}

  /**
   * Compares which channels of the application are occupied, and who is a member of them, with what
   * was told before, and stores what has changed for each of its addresses.
   */
  void sweep(GuestApp app);

  /**
   * Compares how many connections read each channel of the application, but presence channels, with
   * what was told before, and stores what has changed for each of its addresses.
   *
   * @return what has changed, by room; 0: nobody reads it any more
   */
  Map<RoomName, Integer> counts(GuestApp app);

  /** Stores events for each of an application's addresses, in order. */
  void add(GuestApp app, List<String> events);

  /**
   * Claims what is due, in order; nobody else gets it within the time.
   *
   * @param busy addresses of which nothing is wanted now
   */
  List<Due> claim(int most, Duration time, Collection<String> busy);

  /** These were told. */
  void done(Collection<Long> ids);

  /** These are due again after the time; what is older than a day is given up. */
  void later(Collection<Long> ids, Duration after);
}
