package io.carillon.core.json;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import java.time.Duration;
import java.util.Map;

/**
 * Body of an HTTP error as RFC 9457 writes it, with our members {@code code}, {@code retryable},
 * {@code retryAfter} (milliseconds) and {@code id}. All texts are fixed: nothing of the request
 * (but for a refused origin in demo mode), nothing of an exception.
 */
public final class ProblemText {
  /** The media type that goes with the text. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(406, "Not Acceptable"),
          Map.entry(409, "Conflict"),
          Map.entry(413, "Content Too Large"),
          Map.entry(414, "URI Too Long"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(421, "Misdirected Request"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"));

  private ProblemText() {}

  /** The problem of a rejection, with the status of its code. */
  public static String of(Rejection rejection) {
    return of(rejection.code().status(), rejection);
  }

  /** The problem of a rejection under another status, as the container decides some of them. */
  public static String of(int status, Rejection rejection) {
    return of(status, rejection, rejection.message());
  }

  /** The problem of a rejection with a fixed text of its own, where its code says too little. */
  public static String of(int status, Rejection rejection, String detail) {
    ErrorCode code = rejection.code();
    JsonWriter json =
        new JsonWriter(new StringBuilder(192))
            .beginObject()
            .field("type", "about:blank")
            .field("title", TITLES.getOrDefault(status, "Error"))
            .field("status", status)
            .field("detail", detail)
            .field("code", code.code())
            .field("retryable", code.retryable());
    Duration after = rejection.retryAfter();
    if (after != null) {
      json.field("retryAfter", after.toMillis());
    }
    return json.optional("id", rejection.id()).endObject().toString();
  }

  /**
   * The value of {@code Retry-After} in whole seconds, at least 1, for the statuses 429 and 503; 0
   * for all others, which carry no such header.
   */
  public static long retryAfterSeconds(Rejection rejection) {
    int status = rejection.code().status();
    if (status != 429 && status != 503) {
      return 0;
    }
    Duration after = rejection.retryAfter();
    return after == null ? 1 : Math.max(1, (after.toMillis() + 999) / 1000);
  }
}
