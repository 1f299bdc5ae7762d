package io.carillon.security;

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
