package io.carillon.core;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not done.
 *
 * @param code what went wrong
 * @param retryAfter when to try again, where the server knows; else null
 * @param id with {@link ErrorCode#UNKNOWN}: the event's id, to be used as the key of the retry
 */
public record Rejection(ErrorCode code, @Nullable Duration retryAfter, @Nullable String id) {
  /** Checks the code. */
  public Rejection {
    Objects.requireNonNull(code);
  }

  /** A rejection that says only its code. */
  public static Rejection of(ErrorCode code) {
    return new Rejection(code, null, null);
  }

  /** A rejection that tells when to try again. */
  public static Rejection retry(ErrorCode code, Duration after) {
    return new Rejection(code, after, null);
  }
}
