package io.carillon.transport.poll;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Answer to a poll's request, as a whole and never from a cache. Stateless. */
final class PollResponse {
  private static final System.Logger LOG = System.getLogger(PollResponse.class.getName());

  private PollResponse() {}

  /**
   * Writes the answer and ends the request; may block. A peer that is gone gets nothing.
   *
   * @param mediaType the type of the body; null: there is none
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
    // The container tells of the end before it writes what is still in its buffer.
    response.flushBuffer();
  }
}
