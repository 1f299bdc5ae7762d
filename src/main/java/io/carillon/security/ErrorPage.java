package io.carillon.security;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Error page for what the container refuses by itself: the status is its own, the words are ours.
 * Without it the answer would name classes of the server. A direct request for it is answered with
 * 404.
 */
@WebServlet("/errors")
public class ErrorPage extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    int status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer given
            ? given
            : HttpServletResponse.SC_NOT_FOUND;
    ProblemResponse.send(response, status);
  }
}
