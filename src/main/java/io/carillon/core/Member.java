package io.carillon.core;

import java.time.Instant;
import java.util.Objects;

/**
 * A user who is present in a room, folded over their connections.
 *
 * @param user who
 * @param state the latest tracked state, a JSON object as text, at most 1 KiB
 * @param connections over how many connections, at least 1
 * @param since since when, in database time
 */
public record Member(String user, String state, int connections, Instant since) {
  /** Greatest size of a state in UTF-8 bytes. */
  public static final int MAX_STATE_BYTES = 1024;

  /** Checks that nothing required is missing. */
  public Member {
    Objects.requireNonNull(user);
    Objects.requireNonNull(state);
    Objects.requireNonNull(since);
  }
}
