package io.carillon.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Filter that sets the security headers of every answer. To be mapped, with async support, on
 * everything and before all other filters, so that refusals carry them too; headers of CORS are
 * those of {@link CorsFilter} alone. Also sets the cache headers: pages and scripts with a version
 * in their path may be kept for ever, others must be validated each time.
 */
public final class HeaderFilter implements Filter {
  private static final String PAGE_POLICY =
      "default-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none';"
          + " frame-ancestors 'none'; base-uri 'none'; form-action 'self';"
          + " connect-src 'self' wss:";

  /** A year, which is as long as a cache will remember. */
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private static final Pattern VERSIONED = Pattern.compile("/webjars/[^/]+/\\d[^/]*/.+");
  private static final String API_POLICY = "default-src 'none'; frame-ancestors 'none'";

  /** An origin that may stand in a header as it is. */
  private static final Pattern ORIGIN =
      Pattern.compile("http(s?://[A-Za-z0-9.-]{1,255}(?::\\d{1,5})?)");

  private final Predicate<String> sockets;
  private final String pagePolicy;

  /**
   * Makes the filter.
   *
   * @param sockets whether there is a socket, or what carries one, at a path, given without the
   *     application's own part
   * @param reached origins of other instances that pages of this one may call; what is none is left
   *     out
   */
  public HeaderFilter(Predicate<String> sockets, Collection<String> reached) {
    this.sockets = sockets;
    this.pagePolicy = PAGE_POLICY + sources(reached);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    HttpServletResponse answer = (HttpServletResponse) response;
    String path = http.getRequestURI().substring(http.getContextPath().length());
    boolean api = path.startsWith("/api") || path.startsWith("/ws") || sockets.test(path);
    answer.setHeader("X-Content-Type-Options", "nosniff");
    answer.setHeader("Referrer-Policy", "no-referrer");
    answer.setHeader("Content-Security-Policy", api ? API_POLICY : pagePolicy);
    if (api) {
      answer.setHeader("Cache-Control", "no-store");
      answer.setHeader("Vary", "Origin, Accept-Encoding");
      // Blocks loads by any element of a page of another origin.
      answer.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    } else {
      answer.setHeader("Cache-Control", lasting(path) ? FOR_EVER : "no-cache");
    }
    if (http.isSecure()) {
      answer.setHeader("Strict-Transport-Security", "max-age=31536000");
    }
    chain.doFilter(request, api ? response : new PageResponse(answer));
  }

  /** These origins and their sockets, as they stand in a policy, each after a space. */
  static String sources(Collection<String> origins) {
    return origins.stream()
        .sorted()
        .map(ORIGIN::matcher)
        .filter(Matcher::matches)
        .map(origin -> " " + origin.group() + " ws" + origin.group(1))
        .collect(Collectors.joining());
  }

  /**
   * Whether the content of a path never changes: it has a version in it, which is not a snapshot.
   */
  static boolean lasting(String path) {
    return VERSIONED.matcher(path).matches() && !path.contains("-SNAPSHOT/");
  }
}
