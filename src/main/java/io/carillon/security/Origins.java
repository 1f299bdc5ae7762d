package io.carillon.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Allowed origins of pages that may use the cookie. Origins are compared whole, never by prefix or
 * suffix; the request's own origin is always allowed, {@code null} never.
 *
 * <p>A request that only reads and brings neither {@code Origin} nor {@code Sec-Fetch-Site} passes.
 * Browsers send the latter to trustworthy addresses alone, so over plain http to another host than
 * localhost it is missing, and Safari has it since 16.4; their own pages' {@code EventSource} has
 * no {@code Origin} either. Other sites' pages are then kept out by this: they do not send a cookie
 * with {@code SameSite} at all, which all those browsers support; reading changes nothing; and
 * without a CORS header and with {@code Cross-Origin-Resource-Policy} no other page sees the
 * answer. An upgrade and an unsafe method always need an {@code Origin}.
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
   * good {@code Origin}; a safe one without {@code Origin} must not be said to come from elsewhere.
   */
  boolean allowCookie(HttpServletRequest request, boolean upgrade) {
    if (request.getHeader("Origin") != null) {
      return allowOrigin(request);
    }
    String site = request.getHeader("Sec-Fetch-Site");
    return !upgrade && isSafe(request.getMethod()) && (site == null || site.equals("same-origin"));
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

  /**
   * The same for a call without credential (protection against DNS rebinding): a host name that its
   * owner points at this machine is that page's own origin for a browser, so only names count that
   * nobody else can assign.
   */
  boolean allowAnybody(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    return allowOrigin(request)
        && (origin == null
            || allowed.contains(normal(origin.toLowerCase(Locale.ROOT)))
            || isLocalOrNumeric(request.getServerName()));
  }

  private static boolean isLocalOrNumeric(@Nullable String host) {
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.indexOf(':') >= 0
        || (!name.isEmpty() && name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
  }

  private static boolean isSafe(String method) {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  /**
   * The host that the client asked for. Over HTTP/2 there is no {@code Host}; the container knows
   * the name.
   */
  private static @Nullable String own(HttpServletRequest request) {
    String host = request.getHeader("Host");
    if (host == null) {
      String name = request.getServerName();
      if (name == null || name.isEmpty()) {
        return null;
      }
      boolean bare = name.indexOf(':') >= 0 && !name.startsWith("[");
      host = (bare ? '[' + name + ']' : name) + ':' + request.getServerPort();
    }
    return normal((request.getScheme() + "://" + host).toLowerCase(Locale.ROOT));
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
