package io.carillon.security;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import io.carillon.core.json.ProblemText;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;

/**
 * Filter that lets an upgrade go on at the one path of the socket, as it is written, and nowhere
 * else. The container finds its endpoint for other ways of writing that path too, where no filter
 * of ours would be asked, and writes the whole address with its query into its failure files when
 * it finds none. To be mapped on everything, before the filter that looks at credentials.
 */
public final class UpgradeFilter implements Filter {
  /** The path of the socket. */
  public static final String SOCKET = "/ws";

  private static final int NOT_FOUND = 404;

  /** Makes the filter. */
  public UpgradeFilter() {}

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    boolean upgrade = !Collections.list(http.getHeaders("Sec-WebSocket-Key")).isEmpty();
    for (String protocol : Collections.list(http.getHeaders("Upgrade"))) {
      upgrade |= protocol.strip().equalsIgnoreCase("websocket");
    }
    if (!upgrade || http.getRequestURI().equals(http.getContextPath() + SOCKET)) {
      chain.doFilter(request, response);
      return;
    }
    Rejection rejection = Rejection.of(ErrorCode.UNSUPPORTED);
    byte[] body = ProblemText.of(NOT_FOUND, rejection).getBytes(StandardCharsets.UTF_8);
    HttpServletResponse answer = (HttpServletResponse) response;
    answer.setStatus(NOT_FOUND);
    answer.setHeader("Cache-Control", "no-store");
    answer.setContentType(ProblemText.MEDIA_TYPE);
    answer.setContentLength(body.length);
    answer.getOutputStream().write(body);
  }
}
