package io.carillon.transport.http;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/**
 * {@code GET /} without the welcome file's forward: over an upgrade to HTTP/2 the container never
 * finishes a forwarded request (seen with 26.0.0.5 and the JDK's own client, which asks for it).
 */
@WebServlet("")
public class FirstPage extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try (InputStream page = getServletContext().getResourceAsStream("/index.html")) {
      if (page == null) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
        return;
      }
      byte[] bytes = page.readAllBytes();
      response.setContentType("text/html;charset=UTF-8");
      response.setHeader("Cache-Control", "no-cache");
      response.setContentLength(bytes.length);
      response.getOutputStream().write(bytes);
    }
  }
}
