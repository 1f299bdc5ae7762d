package io.carillon.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From which pages a browser may use the cookie. Origins are compared whole, never by prefix or
 * suffix; the request's own origin is always allowed, {@code null} never.
 */
final class Origins {
  private final Set<String> allowed;

  Origins(Set<String> allowed) {
    this.allowed =
        allowed.stream()
            .map(origin -> normal(origin.strip().toLowerCase(Locale.ROOT)))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether a request that brought the cookie may go on: an upgrade and an unsafe method need a
   * good {@code Origin}; a safe one without {@code Origin} needs the browser's word that it comes
   * from the same origin.
   */
  boolean allowCookie(HttpServletRequest request, boolean upgrade) {
    if (request.getHeader("Origin") != null) {
      return allowOrigin(request);
    }
    return !upgrade
        && isSafe(request.getMethod())
        && "same-origin".equals(request.getHeader("Sec-Fetch-Site"));
  }

  /** Whether the {@code Origin} header, if there is one, is a good one. */
  boolean allowOrigin(HttpServletRequest request) {
    Enumeration<String> headers = request.getHeaders("Origin");
    if (headers == null || !headers.hasMoreElements()) {
      return true;
    }
    String origin = headers.nextElement();
    if (headers.hasMoreElements()) {
      return false;
    }
    String written = origin.toLowerCase(Locale.ROOT);
    return written.indexOf("://") > 0
        && (allowed.contains(normal(written)) || normal(written).equals(own(request)));
  }

  private static boolean isSafe(String method) {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  private static @Nullable String own(HttpServletRequest request) {
    String host = request.getHeader("Host");
    return host == null
        ? null
        : normal((request.getScheme() + "://" + host).toLowerCase(Locale.ROOT));
  }

  /** Without the port that goes without saying. */
  private static String normal(String origin) {
    if (origin.startsWith("https://") && origin.endsWith(":443")) {
      return origin.substring(0, origin.length() - ":443".length());
    }
    if (origin.startsWith("http://") && origin.endsWith(":80")) {
      return origin.substring(0, origin.length() - ":80".length());
    }
    return origin;
  }
}
