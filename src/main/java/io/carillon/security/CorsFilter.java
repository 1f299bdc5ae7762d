package io.carillon.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * CORS for pages of the allowed origins (Fetch Standard, "CORS protocol"): they may bring a bearer
 * token or a ticket and, where that is set, cookies. All other pages get no header, so their
 * browser shows them no answer. To be mapped, with async support, on what clients call and nothing
 * else, before the filter that looks at credentials: a preflight request has none.
 */
public final class CorsFilter implements Filter {
  /** Cache time of the answer to a preflight request, in seconds. */
  private static final String MAX_AGE = "600";

  private static final String METHODS = "GET, HEAD, POST, PUT, DELETE";

  /** Our headers that are not among those that every page may read. */
  private static final String EXPOSED =
      "Carillon-Cursor, Preference-Applied, Retry-After, WWW-Authenticate";

  /** Names of headers, in a list. */
  private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,1000}");

  private final Origins origins;
  private final boolean credentials;

  /** Creates the filter for the allowed origins of these settings. */
  public CorsFilter(SecuritySettings settings) {
    this.origins = new Origins(settings);
    this.credentials = settings.corsCredentials();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    HttpServletResponse answer = (HttpServletResponse) response;
    String listed = origins.listed(http);
    if (listed != null) {
      answer.setHeader("Access-Control-Allow-Origin", listed);
      if (credentials) {
        answer.setHeader("Access-Control-Allow-Credentials", "true");
      }
    }
    if (!isPreflight(http)) {
      if (listed != null) {
        answer.setHeader("Access-Control-Expose-Headers", EXPOSED);
      }
      chain.doFilter(request, response);
    } else if (listed != null) {
      allow(http, answer);
    } else {
      ProblemResponse.send(answer, origins.refusal(http).rejection());
    }
  }

  private static boolean isPreflight(HttpServletRequest request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeader("Origin") != null
        && request.getHeader("Access-Control-Request-Method") != null;
  }

  private static void allow(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("Access-Control-Allow-Methods", METHODS);
    String headers = request.getHeader("Access-Control-Request-Headers");
    if (headers != null && NAMES.matcher(headers).matches()) {
      response.setHeader("Access-Control-Allow-Headers", headers);
    }
    response.setHeader("Access-Control-Max-Age", MAX_AGE);
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
  }
}
