package io.carillon.transport.poll;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Predicate;

/**
 * Pages of other origins that may poll, with cookies (CORS; Fetch Standard, "CORS protocol"). A
 * page of any other origin gets no header, and so its browser keeps the answer from it.
 *
 * @param allowed which they are
 */
record PollOrigins(Predicate<String> allowed) {
  /** How long a browser may remember the answer to its question, in seconds. */
  private static final String MAX_AGE = "600";

  /** Sets what a browser wants to see, on the answer and on that to its question before. */
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
