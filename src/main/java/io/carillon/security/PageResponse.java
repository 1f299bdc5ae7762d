package io.carillon.security;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import io.carillon.core.json.ProblemText;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Response wrapper that answers errors of pages in our words, for the container's own would name
 * its classes. Not by an error page of {@code web.xml} for 404: over an upgrade to HTTP/2 the
 * container never finishes it.
 */
final class PageResponse extends HttpServletResponseWrapper {
  PageResponse(HttpServletResponse response) {
    super(response);
  }

  @Override
  public void sendError(int status, @Nullable String message) throws IOException {
    sendError(status);
  }

  @Override
  public void sendError(int status) throws IOException {
    ErrorCode code = status >= 500 ? ErrorCode.UNKNOWN : ErrorCode.UNSUPPORTED;
    byte[] body = ProblemText.of(status, Rejection.of(code)).getBytes(StandardCharsets.UTF_8);
    resetBuffer();
    setHeader("Cache-Control", "no-store");
    setStatus(status);
    setContentType(ProblemText.MEDIA_TYPE);
    setContentLength(body.length);
    getOutputStream().write(body);
  }
}
