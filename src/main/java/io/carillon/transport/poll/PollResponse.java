package io.carillon.transport.poll;

import io.carillon.core.Rejection;
import io.carillon.core.json.ProblemText;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Response to a poll's request, written as a whole and marked as not cacheable. Stateless. */
final class PollResponse {
  private static final System.Logger LOG = System.getLogger(PollResponse.class.getName());

  private PollResponse() {}

  /**
   * Writes the response and ends the request; blocks. Failures of the peer's connection are
   * ignored.
   *
   * @param mediaType media type of the body; null: there is no body
   */
  static void send(AsyncContext carrier, int status, @Nullable String mediaType, byte[] body) {
    try {
      try {
        write((HttpServletResponse) carrier.getResponse(), status, mediaType, body);
      } finally {
        carrier.complete();
      }
    } catch (IOException | IllegalStateException gone) {
      LOG.log(Level.DEBUG, "a poll could not be answered", gone);
    }
  }

  /**
   * Writes a refusal as a problem and ends the request, as {@link #send} does.
   *
   * @param status of HTTP; with that of the rejection's code it tells when to come back
   */
  static void refuse(AsyncContext carrier, int status, Rejection rejection) {
    long seconds = ProblemText.retryAfterSeconds(rejection);
    if (seconds > 0 && status == rejection.code().status()) {
      ((HttpServletResponse) carrier.getResponse())
          .setHeader("Retry-After", Long.toString(seconds));
    }
    byte[] problem = ProblemText.of(status, rejection).getBytes(StandardCharsets.UTF_8);
    send(carrier, status, ProblemText.MEDIA_TYPE, problem);
  }

  /** Writes an error of Engine.IO and ends the request, as {@link #send} does. */
  static void refuse(AsyncContext carrier, EngineError error) {
    byte[] json = error.json().getBytes(StandardCharsets.UTF_8);
    send(carrier, error.status(), "application/json", json);
  }

  private static void write(
      HttpServletResponse response, int status, @Nullable String mediaType, byte[] body)
      throws IOException {
    response.setStatus(status);
    response.setHeader("Cache-Control", "no-store");
    if (mediaType != null) {
      response.setContentType(mediaType);
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
    }
    // The container reports the end of the request before it writes its buffer.
    response.flushBuffer();
  }
}
