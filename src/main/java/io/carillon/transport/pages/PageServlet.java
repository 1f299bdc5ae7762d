package io.carillon.transport.pages;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response, PageFile file)
      throws IOException {
    response.setHeader("ETag", file.tag());
    if (file.isNamedBy(request.getHeaders("If-None-Match"))) {
      end(response, HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    response.setContentType(file.type());
    response.setContentLength(file.bytes().length);
    if (request.getMethod().equals("GET")) {
      AsyncContext async = request.startAsync(request, response);
      async.setTimeout(0);
      writers.execute(() -> write(async, response, file));
    }
  }

  /** The container ends a write without progress by itself; until then no thread of it waits. */
  private static void write(AsyncContext async, HttpServletResponse response, PageFile file) {
    try {
      response.getOutputStream().write(file.bytes());
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
