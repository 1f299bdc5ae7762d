package io.carillon.security;

import io.carillon.core.RefusedException;
import io.carillon.core.limit.Limit;
import io.carillon.core.limit.Limits;
import io.carillon.core.limit.Visitor;
import io.carillon.core.spi.CarillonPrincipal;
import io.carillon.core.spi.UncheckedPrincipal;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Filter that limits new connections by user, by address and of all, before the upgrade: 429 with
 * {@code Retry-After}. A stream goes on with an {@link UncheckedPrincipal} instead, to be told in
 * the form that a browser understands. Also lets a socket that needs no credential know where its
 * peer came from. To be mapped on everything, after {@link CredentialFilter}.
 */
public final class ConnectLimitFilter implements Filter {
  private final Limits limits;
  private final Predicate<String> sockets;
  private final Predicate<String> polled;

  /**
   * Makes the filter; paths are given without the application's own part.
   *
   * @param sockets whether sockets, or polls in their place, open at a path
   * @param polled whether polls do: those of an open link name it in the parameter {@code sid}
   */
  public ConnectLimitFilter(Limits limits, Predicate<String> sockets, Predicate<String> polled) {
    this.limits = limits;
    this.sockets = sockets;
    this.polled = polled;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    RequestLine line = RequestLine.of(http);
    boolean socket = sockets.test(line.path());
    HttpServletRequest known =
        socket && http.getUserPrincipal() == null
            ? new AuthenticatedRequest(http, new StrangerPrincipal(http.getRemoteAddr()))
            : http;
    Visitor visitor = visitor(http);
    try {
      if (line.readsEvents()) {
        limits.take(Limit.REQUESTS_ADDRESS, visitor, 1);
      }
      if (socket ? opens(http, line) : line.readsEvents() && streams(http)) {
        limits.connect(visitor);
      }
    } catch (RefusedException refused) {
      if (line.readsEvents()) {
        UncheckedPrincipal later = new UncheckedPrincipal(refused.rejection());
        chain.doFilter(new AuthenticatedRequest(http, later), response);
      } else {
        ProblemResponse.refuse((HttpServletResponse) response, refused.rejection());
      }
      return;
    }
    chain.doFilter(known, response);
  }

  private static Visitor visitor(HttpServletRequest request) {
    return new Visitor(
        request.getUserPrincipal() instanceof CarillonPrincipal p ? p.identity() : null,
        "",
        request.getRemoteAddr());
  }

  private boolean opens(HttpServletRequest request, RequestLine line) {
    return !request.getMethod().equals("OPTIONS")
        && !(polled.test(line.path()) && namesLink(request.getQueryString()));
  }

  private static boolean namesLink(@Nullable String query) {
    return query != null && ('&' + query).contains("&sid=");
  }

  private static boolean streams(HttpServletRequest request) {
    String accept = request.getHeader("Accept");
    return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/event-stream");
  }
}
