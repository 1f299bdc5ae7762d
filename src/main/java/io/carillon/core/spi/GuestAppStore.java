package io.carillon.core.spi;

import java.util.Map;

/** Store of the applications of guests. Blocks; throws {@link LogUnavailableException}. */
public interface GuestAppStore {
  /** All of them by their id, as they are stored. */
  Map<String, GuestApp> all();

  /**
   * Makes an application, or sets all of one; instances follow within some seconds.
   *
   * @param by the user that does it
   * @throws io.carillon.core.RefusedException with {@code bad_data} if another one has its key
   */
  void save(GuestApp app, String by);

  /** Removes an application; one that is not there is no error. */
  void remove(String id);
}
