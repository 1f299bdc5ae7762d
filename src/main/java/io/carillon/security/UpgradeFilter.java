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
import java.util.function.Predicate;

/**
 * Filter that lets an upgrade go on at the paths of sockets, as they are written, and nowhere else.
 * The container finds its endpoint for other ways of writing that path too, where no filter of ours
 * would be asked, and writes the whole address with its query into its failure files when it finds
 * none. To be mapped on everything, before the filter that looks at credentials.
 */
public final class UpgradeFilter implements Filter {
  private final Predicate<String> sockets;

  /**
   * Makes the filter.
   *
   * @param sockets whether there is a socket at a path, given without the application's own part
   */
  public UpgradeFilter(Predicate<String> sockets) {
    this.sockets = sockets;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    boolean upgrade = !Collections.list(http.getHeaders("Sec-WebSocket-Key")).isEmpty();
    for (String protocol : Collections.list(http.getHeaders("Upgrade"))) {
      upgrade |= protocol.strip().equalsIgnoreCase("websocket");
    }
    if (!upgrade || isSocket(http)) {
      chain.doFilter(request, response);
      return;
    }
    ProblemResponse.send((HttpServletResponse) response, Rejection.of(ErrorCode.NOT_FOUND));
  }

  private boolean isSocket(HttpServletRequest request) {
    String uri = request.getRequestURI();
    String context = request.getContextPath();
    return uri.startsWith(context) && sockets.test(uri.substring(context.length()));
  }
}
