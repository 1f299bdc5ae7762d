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
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Filter that lets an upgrade go on at the paths of sockets, as they are written, and nowhere else.
 * The container finds its endpoint for other ways of writing that path too, where no filter of ours
 * would be asked, and writes the whole address with its query into its failure files when it finds
 * none. It writes the words of a handshake that is none there too, so that is refused here: 426 for
 * another version than RFC 6455's, 400 for a key that is none. To be mapped on everything, before
 * the filter that looks at credentials.
 */
public final class UpgradeFilter implements Filter {
  private static final String VERSION = "Sec-WebSocket-Version";
  private static final String KEY = "Sec-WebSocket-Key";

  /** Sixteen bytes in Base64 (RFC 6455, 4.1). */
  private static final Pattern SIXTEEN_BYTES = Pattern.compile("[A-Za-z0-9+/]{22}==");

  private static final int UPGRADE_REQUIRED = 426;

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
    List<String> keys = Collections.list(http.getHeaders(KEY));
    boolean upgrade = !keys.isEmpty();
    for (String protocol : Collections.list(http.getHeaders("Upgrade"))) {
      upgrade |= protocol.strip().equalsIgnoreCase("websocket");
    }
    HttpServletResponse answer = (HttpServletResponse) response;
    if (!upgrade) {
      chain.doFilter(request, response);
    } else if (!isSocket(http)) {
      ProblemResponse.send(answer, Rejection.of(ErrorCode.NOT_FOUND));
    } else if (!Collections.list(http.getHeaders(VERSION)).equals(List.of("13"))) {
      answer.setHeader(VERSION, "13");
      ProblemResponse.send(answer, UPGRADE_REQUIRED);
    } else if (keys.size() != 1 || !SIXTEEN_BYTES.matcher(keys.getFirst().strip()).matches()) {
      ProblemResponse.send(answer, Rejection.of(ErrorCode.BAD_FRAME));
    } else {
      chain.doFilter(request, response);
    }
  }

  private boolean isSocket(HttpServletRequest request) {
    String uri = request.getRequestURI();
    String context = request.getContextPath();
    return uri.startsWith(context) && sockets.test(uri.substring(context.length()));
  }
}
