package io.carillon.security;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Allowed origins of pages that may use the cookie, and that CORS lets in. Origins are compared
 * whole, never by prefix or suffix; the request's own origin may always use the cookie, {@code
 * null} never.
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
  /** An origin as browsers write it, of which an answer may repeat the text. */
  private static final Pattern WRITTEN =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,30}://[A-Za-z0-9.:\\[\\]-]{1,255}");

  private final Set<String> allowed;
  private final boolean telling;

  Origins(SecuritySettings settings) {
    this.allowed =
        settings.allowedOrigins().stream()
            .map(origin -> normal(origin.strip().toLowerCase(Locale.ROOT)))
            .collect(Collectors.toUnmodifiableSet());
    this.telling = settings.demo();
  }

  /** The request's origin as it was written, if it is one of the list; null: no other may know. */
  @Nullable String listed(HttpServletRequest request) {
    String origin = one(request);
    return origin != null && allowed.contains(normal(origin.toLowerCase(Locale.ROOT)))
        ? origin
        : null;
  }

  /**
   * The refusal of a request for its origin. In demo mode it says which one, for whoever writes a
   * page looks for that longest; else nothing of the request is repeated.
   */
  RefusedException refusal(HttpServletRequest request) {
    String origin = one(request);
    if (!telling || origin == null || !WRITTEN.matcher(origin).matches()) {
      return new RefusedException(ErrorCode.FORBIDDEN);
    }
    String words =
        "Pages of "
            + origin
            + " are not allowed here: name it in carillon.allowed.origins, or let the proxy between"
            + " pass on Host.";
    return new RefusedException(new Rejection(ErrorCode.FORBIDDEN, null, null, words));
  }

  /** The only {@code Origin} header; null: none or several. */
  private static @Nullable String one(HttpServletRequest request) {
    Enumeration<String> headers = request.getHeaders("Origin");
    if (headers == null || !headers.hasMoreElements()) {
      return null;
    }
    String origin = headers.nextElement();
    return headers.hasMoreElements() ? null : origin;
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
    if (request.getHeader("Origin") == null) {
      return true;
    }
    String origin = one(request);
    if (origin == null) {
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
        && (origin == null || listed(request) != null || isLocalOrNumeric(request.getServerName()));
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
