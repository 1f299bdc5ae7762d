package io.carillon.core;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Refusal of a request.
 *
 * @param code the error code
 * @param retryAfter when to try again, where the server knows; else null
 * @param id with {@link ErrorCode#UNKNOWN}: the event's id, to be used as the key of the retry
 * @param words a fixed text of its own, where that of the code says too little; else null
 */
public record Rejection(
    ErrorCode code, @Nullable Duration retryAfter, @Nullable String id, @Nullable String words) {
  /** Checks the code. */
  public Rejection {
    Objects.requireNonNull(code);
  }

  /** A rejection in the words of its code. */
  public Rejection(ErrorCode code, @Nullable Duration retryAfter, @Nullable String id) {
    this(code, retryAfter, id, null);
  }

  /** The fixed text for a person: its own, else that of the code. */
  public String message() {
    return words == null ? code.message() : words;
  }

  /** A rejection that says only its code. */
  public static Rejection of(ErrorCode code) {
    return new Rejection(code, null, null);
  }

  /** A rejection that tells when to try again. */
  public static Rejection retry(ErrorCode code, Duration after) {
    return new Rejection(code, after, null);
  }

  /** The same in words of its own, which carry nothing of the request or of an exception. */
  public static Rejection retry(ErrorCode code, Duration after, String words) {
    return new Rejection(code, after, null, words);
  }
}
