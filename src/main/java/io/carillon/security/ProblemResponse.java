package io.carillon.security;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import io.carillon.core.json.ProblemText;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answer of a filter that lets a request go no further: a problem (RFC 9457). Stateless. */
final class ProblemResponse {
  private ProblemResponse() {}

  /** Answers with the problem of a refusal, never from a cache. */
  static void send(HttpServletResponse response, Rejection rejection) throws IOException {
    send(response, rejection.code().status(), ProblemText.of(rejection));
  }

  /** Answers with the problem of a refusal, and when to come back if it is a matter of time. */
  static void refuse(HttpServletResponse response, Rejection rejection) throws IOException {
    long seconds = ProblemText.retryAfterSeconds(rejection);
    if (seconds > 0) {
      response.setHeader("Retry-After", Long.toString(seconds));
    }
    send(response, rejection);
  }

  /** Answers what the container refuses by itself: with its status, in our words. */
  static void send(HttpServletResponse response, int status) throws IOException {
    ErrorCode code =
        switch (status) {
          case 400 -> ErrorCode.BAD_FRAME;
          case 401 -> ErrorCode.UNAUTHENTICATED;
          case 403 -> ErrorCode.FORBIDDEN;
          case 404 -> ErrorCode.NOT_FOUND;
          case 413 -> ErrorCode.TOO_LARGE;
          default -> status >= 500 ? ErrorCode.UNKNOWN : ErrorCode.UNSUPPORTED;
        };
    send(response, status, ProblemText.of(status, Rejection.of(code)));
  }

  /**
   * Answers with a problem, never from a cache.
   *
   * @param problem as {@link ProblemText} writes it
   */
  static void send(HttpServletResponse response, int status, String problem) throws IOException {
    byte[] body = problem.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setHeader("Cache-Control", "no-store");
    response.setContentType(ProblemText.MEDIA_TYPE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
