package io.carillon.security;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/**
 * Filter that refuses requests which another reader, such as a proxy, may take for another host's,
 * or for longer or shorter ones (RFC 9112, 3.2 and 6.3): 400, and the connection is closed, for
 * what follows on it may be part of the same request. The container takes some of them. To be
 * mapped on everything, right after the filter that sets headers.
 *
 * <p>What the container's own parser has smoothed out cannot be seen here: a space before a colon,
 * a line end without a carriage return, the sizes of chunks, a length that is no number.
 */
public final class FramingFilter implements Filter {
  private static final int MOST_DIGITS = 18;

  /** Makes the filter. */
  public FramingFilter() {}

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    if (areTexts(http) && (isOfFrames(http) || isClear(http))) {
      chain.doFilter(request, response);
      return;
    }
    HttpServletResponse answer = (HttpServletResponse) response;
    if (!isOfFrames(http)) {
      answer.setHeader("Connection", "close");
    }
    ProblemResponse.send(answer, Rejection.of(ErrorCode.BAD_FRAME));
  }

  /** Whether it came over HTTP/2, whose frames say where a request ends. */
  private static boolean isOfFrames(HttpServletRequest request) {
    return !request.getProtocol().startsWith("HTTP/1");
  }

  private static boolean areTexts(HttpServletRequest request) {
    for (String name : Collections.list(request.getHeaderNames())) {
      for (String value : Collections.list(request.getHeaders(name))) {
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isClear(HttpServletRequest request) {
    boolean old = request.getProtocol().equals("HTTP/1.0");
    List<String> hosts = Collections.list(request.getHeaders("Host"));
    List<String> codings = Collections.list(request.getHeaders("Transfer-Encoding"));
    List<String> lengths = Collections.list(request.getHeaders("Content-Length"));
    boolean coded =
        !old
            && lengths.isEmpty()
            && codings.size() == 1
            && codings.getFirst().strip().equalsIgnoreCase("chunked");
    return hosts.size() <= 1
        && (old || !hosts.isEmpty())
        && (codings.isEmpty() || coded)
        && lengths.size() <= 1
        && lengths.stream().allMatch(FramingFilter::isNumber);
  }

  private static boolean isNumber(String text) {
    String digits = text.strip();
    return !digits.isEmpty()
        && digits.length() <= MOST_DIGITS
        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
