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
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Filter that refuses requests for hosts that are not ours (421), and, where only https is wanted,
 * plain http: pages are redirected, calls and sockets are refused with 403, for their credential
 * has travelled in clear already. To be mapped on everything, after {@link ForwardedFilter}.
 */
public final class HostFilter implements Filter {
  private static final int MISDIRECTED = 421;
  private static final int PERMANENT = 308;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

  private final EdgeSettings settings;
  private final Predicate<String> calls;

  /**
   * Makes the filter.
   *
   * @param calls whether a path, given without the application's own part, is no page
   */
  public HostFilter(EdgeSettings settings, Predicate<String> calls) {
    this.settings = settings;
    this.calls = calls;
  }

  /** Whether there is anything to refuse. */
  public boolean isNeeded() {
    return settings.httpsOnly() || !settings.allowedHosts().isEmpty();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    HttpServletResponse answer = (HttpServletResponse) response;
    String name = http.getServerName();
    if (!isOurs(name)) {
      ProblemResponse.send(
          answer, MISDIRECTED, ProblemText.of(MISDIRECTED, Rejection.of(ErrorCode.UNSUPPORTED)));
    } else if (settings.httpsOnly() && !http.isSecure()) {
      refusePlain(http, answer, name);
    } else {
      chain.doFilter(request, response);
    }
  }

  private boolean isOurs(@Nullable String name) {
    return settings.allowedHosts().isEmpty()
        || (name != null && settings.allowedHosts().contains(name.toLowerCase(Locale.ROOT)));
  }

  private void refusePlain(
      HttpServletRequest request, HttpServletResponse response, @Nullable String name)
      throws IOException {
    String method = request.getMethod();
    String uri = request.getRequestURI();
    boolean page =
        (method.equals("GET") || method.equals("HEAD"))
            && request.getHeader("Upgrade") == null
            && !calls.test(uri.substring(request.getContextPath().length()));
    String host = name == null || name.indexOf(':') < 0 || name.startsWith("[") ? name : bare(name);
    if (!page || host == null || !NAME.matcher(host).matches() || hasControl(uri)) {
      ProblemResponse.send(response, Rejection.of(ErrorCode.FORBIDDEN));
      return;
    }
    boolean direct = request.getServerPort() == settings.httpPort();
    String query = request.getQueryString();
    response.setStatus(PERMANENT);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader(
        "Location",
        "https://"
            + host
            + (direct ? ":" + settings.httpsPort() : "")
            + uri
            + (query == null || hasControl(query) ? "" : '?' + query));
  }

  private static String bare(String address) {
    return '[' + address + ']';
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(c -> c <= ' ' || c == 0x7f);
  }
}
