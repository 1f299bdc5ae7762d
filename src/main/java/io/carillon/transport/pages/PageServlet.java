package io.carillon.transport.pages;

import io.carillon.core.coding.Gzip;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Serves every path that nothing else serves, in place of the container's own file servlet. That
 * one knows dates and no tags, and the only date there is, the build's, is a fixed one: after an
 * upgrade it would call a changed file unchanged. Over HTTP/2 it also never ends a 304, nor the
 * forward to a folder's index (26.0.0.5). Here dates are neither sent nor heard, ranges neither.
 */
public final class PageServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final System.Logger LOG = System.getLogger(PageServlet.class.getName());

  /** The page for people who follow a link to nothing. */
  private static final String MISSING = "/404.html";

  private final transient Executor writers;
  private transient @Nullable PageFiles files;

  /**
   * To be mapped, with async support, on the root and on everything.
   *
   * @param writers write files to peers, who may read slowly or not at all: give virtual threads
   */
  public PageServlet(Executor writers) {
    this.writers = writers;
  }

  @Override
  public void init() {
    files = new PageFiles(getServletContext());
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String method = request.getMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      response.setHeader("Allow", "GET, HEAD");
      response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
      return;
    }
    PageFiles all = Objects.requireNonNull(files);
    String path = request.getServletPath().isEmpty() ? "/" : request.getServletPath();
    PageFile file = all.at(path);
    if (file != null) {
      answer(request, response, file);
    } else if (all.isFolder(path)) {
      String query = request.getQueryString() == null ? "" : '?' + request.getQueryString();
      response.setHeader("Location", request.getContextPath() + path + '/' + query);
      end(response, HttpServletResponse.SC_FOUND);
    } else {
      missing(request, response, all.at(MISSING));
    }
  }

  /** Who asks for pages gets one that leads on; a program gets the problem that it can read. */
  private void missing(
      HttpServletRequest request, HttpServletResponse response, @Nullable PageFile page)
      throws IOException {
    response.setHeader("Vary", "Accept");
    List<String> accepted = Collections.list(request.getHeaders("Accept"));
    if (page == null || accepted.stream().noneMatch(each -> each.contains("text/html"))) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    String path = request.getRequestURI().substring(request.getContextPath().length());
    String root = "../".repeat((int) path.chars().filter(c -> c == '/').count() - 1);
    String text = new String(page.bytes(), StandardCharsets.UTF_8).replace("=\"./", "=\"" + root);
    // An empty address would be that of the missing page.
    byte[] body = text.replace("=\"\"", "=\"./\"").getBytes(StandardCharsets.UTF_8);
    response.setStatus(HttpServletResponse.SC_NOT_FOUND);
    response.setHeader("Cache-Control", "no-store");
    response.setContentType(page.type());
    send(request, response, body);
  }

  private void answer(HttpServletRequest request, HttpServletResponse response, PageFile file)
      throws IOException {
    byte[] packed = file.packed();
    if (packed != null) {
      response.setHeader("Vary", Gzip.ACCEPTED);
      packed = Gzip.isTaken(Collections.list(request.getHeaders(Gzip.ACCEPTED))) ? packed : null;
    }
    response.setHeader("ETag", packed == null ? file.tag() : "W/" + file.tag());
    if (file.isNamedBy(request.getHeaders("If-None-Match"))) {
      end(response, HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    response.setContentType(file.type());
    if (packed != null) {
      response.setHeader("Content-Encoding", "gzip");
    }
    send(request, response, packed == null ? file.bytes() : packed);
  }

  private void send(HttpServletRequest request, HttpServletResponse response, byte[] body) {
    response.setContentLength(body.length);
    if (request.getMethod().equals("GET")) {
      AsyncContext async = request.startAsync(request, response);
      async.setTimeout(0);
      writers.execute(() -> write(async, response, body));
    }
  }

  /** The container ends a write without progress by itself; until then no thread of it waits. */
  private static void write(AsyncContext async, HttpServletResponse response, byte[] body) {
    try {
      response.getOutputStream().write(body);
    } catch (IOException gone) {
      LOG.log(System.Logger.Level.DEBUG, "a file was not read to its end", gone);
    } finally {
      async.complete();
    }
  }

  /**
   * An answer without a body. Closed here: if the container does it, it sends the headers before it
   * looks whether that was all, and over HTTP/2 nothing then says that it was.
   */
  private static void end(HttpServletResponse response, int status) throws IOException {
    response.setStatus(status);
    response.getOutputStream().close();
  }
}
