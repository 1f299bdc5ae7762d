package io.carillon.core;

import java.util.Locale;

/**
 * Error codes for clients, each with its fixed text, which never contains parts of the request or
 * of an exception.
 */
public enum ErrorCode {
  /** The frame or body is not what the protocol asks for. */
  BAD_FRAME(400, false, "The frame or body cannot be understood."),
  /** Not a room name. */
  BAD_ROOM(400, false, "The room name is not valid."),
  /** Not an event or signal name. */
  BAD_NAME(400, false, "The name is not valid."),
  /** The data is not JSON within the limits, or the key or meta is not valid. */
  BAD_DATA(400, false, "The data, key or meta is not valid."),
  /** Not a cursor, or another number of them than of rooms. */
  BAD_CURSOR(400, false, "The cursor is not valid."),
  /** Larger than the limit. */
  TOO_LARGE(413, false, "The content is larger than the limit."),
  /** No credential, or one that is not good. */
  UNAUTHENTICATED(401, false, "A valid credential is needed."),
  /** The credential does not give the right; a missing room looks the same. */
  FORBIDDEN(403, false, "This is not allowed."),
  /** The command needs a join first. */
  NOT_JOINED(409, false, "The room is not joined."),
  /** A bound on the number of things is reached. */
  LIMIT(429, true, "A limit is reached."),
  /** Too many in too short a time. */
  RATE(429, true, "Too many requests."),
  /** The server cannot take more now. */
  OVERLOADED(503, true, "The server is overloaded."),
  /** The log cannot be written now. */
  STORAGE(503, true, "The log cannot be reached or written."),
  /** The outcome of a publish could not be learnt; retry with the same key. */
  UNKNOWN(503, true, "The outcome is not known; retry with the same key."),
  /** The media type or the form of the request is not supported. */
  UNSUPPORTED(415, false, "This form of request is not supported."),
  /** No path of ours, or no such event, not yet or no more. A room is never not found. */
  NOT_FOUND(404, false, "This is not there.");

  private final int status;
  private final boolean retryable;
  private final String message;

  ErrorCode(int status, boolean retryable, String message) {
    this.status = status;
    this.retryable = retryable;
    this.message = message;
  }

  /** The code on the wire: the name in lower case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The HTTP status that goes with it. */
  public int status() {
    return status;
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return retryable;
  }

  /** The fixed text. */
  public String message() {
    return message;
  }
}
