package io.carillon.core.spi;

import java.time.Instant;
import java.util.List;

/**
 * Bans of users, shared by all instances and kept over restarts. Blocks; throws {@link
 * LogUnavailableException}.
 */
public interface Bans {
  /** Bans a user; an earlier ban of the same user is replaced. */
  void ban(Ban ban);

  /**
   * Ends a ban.
   *
   * @return false: there was none
   */
  boolean lift(String user);

  /** Bans that are not over, by user. */
  List<Ban> active();

  /**
   * Ban of a user.
   *
   * @param user who is not let in
   * @param until when it is over, by the store's time
   * @param reason why, for operators, 1 to 500 characters
   * @param by who did it
   */
  record Ban(String user, Instant until, String reason, String by) {}
}
