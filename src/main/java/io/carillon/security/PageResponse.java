package io.carillon.security;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
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
    resetBuffer();
    ProblemResponse.send(this, status);
  }
}
