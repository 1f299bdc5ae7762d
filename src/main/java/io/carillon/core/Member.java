package io.carillon.core;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/**
 * Member of a room: a present user, aggregated over all connections of that user.
 *
 * @param user the user's name
 * @param state the latest tracked state, a JSON object as text, at most 1 KiB
 * @param connections number of the user's connections, at least 1
 * @param since begin of the presence, in database time
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

  /**
   * Checks the size of a state.
   *
   * @throws RefusedException with {@link ErrorCode#TOO_LARGE} if it is larger than 1 KiB
   */
  public static void checkState(String state) {
    if (state.length() > MAX_STATE_BYTES
        || state.getBytes(StandardCharsets.UTF_8).length > MAX_STATE_BYTES) {
      throw new RefusedException(ErrorCode.TOO_LARGE);
    }
  }
}
