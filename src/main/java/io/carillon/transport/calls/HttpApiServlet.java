package io.carillon.transport.calls;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.json.ProblemText;
import io.carillon.core.spi.CarillonPrincipal;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.protocol.HttpAnswer;
import io.carillon.protocol.HttpApi;
import io.carillon.protocol.HttpCall;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Servlet of a protocol's {@link HttpApi}. To be mapped, with async support, at its patterns,
 * behind the filter that reads bodies. Thread-safe.
 */
public final class HttpApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final System.Logger LOG = System.getLogger(HttpApiServlet.class.getName());

  private final transient HttpApi api;
  private final transient Executor workers;
  private final int bodyLimit;

  /**
   * Creates the servlet of an API.
   *
   * @param workers answer calls; they block, so give virtual threads
   * @param bodyLimit greatest body in bytes
   */
  public HttpApiServlet(HttpApi api, Executor workers, int bodyLimit) {
    this.api = api;
    this.workers = workers;
    this.bodyLimit = bodyLimit;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    byte[] body = request.getInputStream().readNBytes(bodyLimit + 1);
    if (body.length > bodyLimit) {
      ErrorCode code = ErrorCode.TOO_LARGE;
      write(response, HttpAnswer.error(code.status(), code.message()));
      return;
    }
    HttpCall call = call(request, body);
    AsyncContext async = request.startAsync(request, response);
    async.setTimeout(0);
    try {
      workers.execute(() -> answer(async, response, call));
    } catch (RejectedExecutionException stopping) {
      ErrorCode code = ErrorCode.OVERLOADED;
      write(response, HttpAnswer.error(code.status(), code.message()));
      async.complete();
    }
  }

  private static HttpCall call(HttpServletRequest request, byte[] body) {
    String sent = request.getRequestURI();
    String query = request.getQueryString();
    return new HttpCall(
        request.getMethod(),
        sent,
        sent.substring(request.getContextPath().length()),
        query == null ? "" : query,
        body,
        who(request));
  }

  private static @Nullable Identity who(HttpServletRequest request) {
    return request.getUserPrincipal() instanceof CarillonPrincipal known ? known.identity() : null;
  }

  private void answer(AsyncContext async, HttpServletResponse response, HttpCall call) {
    try {
      write(response, answer(call, response));
    } catch (IOException gone) {
      LOG.log(Level.DEBUG, "nobody waits for an answer any more", gone);
    } finally {
      async.complete();
    }
  }

  private HttpAnswer answer(HttpCall call, HttpServletResponse response) {
    try {
      return api.answer(call);
    } catch (RefusedException refused) {
      ErrorCode code = refused.rejection().code();
      long seconds = ProblemText.retryAfterSeconds(refused.rejection());
      if (seconds > 0) {
        response.setHeader("Retry-After", Long.toString(seconds));
      }
      return HttpAnswer.error(code.status(), refused.rejection().message());
    } catch (LogUnavailableException away) {
      LOG.log(Level.DEBUG, "a call found the database away", away);
      return HttpAnswer.error(ErrorCode.STORAGE.status(), ErrorCode.STORAGE.message());
    } catch (RuntimeException | LinkageError defect) {
      LOG.log(Level.ERROR, "a call could not be answered", defect);
      return HttpAnswer.error(500, "The call could not be answered.");
    }
  }

  private static void write(HttpServletResponse response, HttpAnswer answer) throws IOException {
    byte[] bytes = answer.json().getBytes(StandardCharsets.UTF_8);
    response.setStatus(answer.status());
    response.setHeader("Cache-Control", "no-store");
    response.setContentType("application/json");
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
