package io.carillon.transport.poll;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Predicate;

/**
 * CORS headers of polls (Fetch Standard, "CORS protocol"), with cookies. A page of an origin that
 * is not allowed gets no header, so its browser does not show it the answer.
 *
 * @param allowed whether pages of an origin may poll
 */
record PollOrigins(Predicate<String> allowed) {
  /** Cache time of the answer to a preflight request, in seconds. */
  private static final String MAX_AGE = "600";

  /** Sets the headers of an answer, or of the answer to a preflight request. */
  void allow(HttpServletRequest request, HttpServletResponse response) {
    String origin = request.getHeader("Origin");
    if (origin == null || !allowed.test(origin)) {
      return;
    }
    response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Access-Control-Allow-Credentials", "true");
    if (request.getMethod().equals("OPTIONS")) {
      response.setHeader("Access-Control-Allow-Methods", "GET,POST");
      String headers = request.getHeader("Access-Control-Request-Headers");
      if (headers != null) {
        response.setHeader("Access-Control-Allow-Headers", headers);
      }
      response.setHeader("Access-Control-Max-Age", MAX_AGE);
    }
  }
}
