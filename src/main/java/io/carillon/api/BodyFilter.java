package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import io.carillon.core.json.ProblemText;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Filter that lets a call go on when its body is there. One that comes in slowly is waited for on a
 * virtual thread, until a deadline for the whole of it, and with a bound on what all of them
 * together have brought: a slow peer holds no thread of the container, which open sockets need. To
 * be mapped, with async support, on {@code /api/*}, after the credential was checked.
 */
public final class BodyFilter implements Filter {
  private static final int PART = 8192;
  private static final int MOST_BYTES = 64 * 1024 * 1024;
  private static final System.Logger LOG = System.getLogger(BodyFilter.class.getName());

  private final Executor readers;
  private final int limit;
  private final Duration patience;
  private final Semaphore room = new Semaphore(MOST_BYTES);

  /**
   * Takes its bounds.
   *
   * @param readers read what comes slowly: give virtual threads
   * @param settings the greatest body; a greater one is not read to its end
   * @param patience how long one body may take
   */
  public BodyFilter(Executor readers, ApiSettings settings, Duration patience) {
    this.readers = readers;
    this.limit = settings.bodyLimit();
    this.patience = patience;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    long length = http.getContentLengthLong();
    boolean hasBody = length > 0 || http.getHeader("Transfer-Encoding") != null;
    if (!hasBody || length > limit || isThere(http, length)) {
      chain.doFilter(request, response);
      return;
    }
    GatheredRequest gathered = new GatheredRequest(http);
    String path = gathered.path();
    AsyncContext async = request.startAsync(gathered, response);
    async.setTimeout(patience.multipliedBy(4).toMillis());
    try {
      readers.execute(() -> gather(async, gathered, path, (HttpServletResponse) response));
    } catch (RejectedExecutionException stopping) {
      refuse(async, (HttpServletResponse) response, ErrorCode.OVERLOADED);
    }
  }

  private static boolean isThere(HttpServletRequest request, long length) throws IOException {
    return length > 0 && request.getInputStream().available() >= length;
  }

  private void gather(
      AsyncContext async, GatheredRequest request, String path, HttpServletResponse response) {
    int taken = 0;
    try {
      InputStream in = request.raw();
      ByteArrayOutputStream all = new ByteArrayOutputStream(PART);
      byte[] part = new byte[PART];
      long begun = System.nanoTime();
      // One byte more than the limit, so that the reader of the body sees that it is too large.
      while (all.size() <= limit) {
        if (!room.tryAcquire(PART)) {
          refuse(async, response, ErrorCode.OVERLOADED);
          return;
        }
        taken += PART;
        int first = in.read();
        if (first < 0) {
          break;
        }
        part[0] = (byte) first;
        int read = 1 + Math.max(0, in.read(part, 1, more(in)));
        all.write(part, 0, read);
        taken -= PART - read;
        room.release(PART - read);
        if (System.nanoTime() - begun > patience.toNanos()) {
          refuse(async, response, ErrorCode.BAD_FRAME);
          return;
        }
      }
      request.is(all.toByteArray());
      async.dispatch(path);
    } catch (IOException | IllegalStateException gone) {
      LOG.log(System.Logger.Level.DEBUG, "a body did not come to its end", gone);
      refuse(async, response, ErrorCode.BAD_FRAME);
    } finally {
      room.release(taken);
    }
  }

  /** How much can be read without waiting. */
  private static int more(InputStream in) throws IOException {
    return Math.clamp(in.available(), 0, PART - 1);
  }

  private static void refuse(AsyncContext async, HttpServletResponse response, ErrorCode code) {
    try {
      Rejection rejection =
          code.retryable() ? Rejection.retry(code, Duration.ofSeconds(1)) : Rejection.of(code);
      byte[] body = ProblemText.of(rejection).getBytes(StandardCharsets.UTF_8);
      response.setStatus(code.status());
      // What is still to come is not waited for.
      response.setHeader("Connection", "close");
      response.setContentType(ProblemText.MEDIA_TYPE);
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
    } catch (IOException | IllegalStateException gone) {
      LOG.log(System.Logger.Level.DEBUG, "nobody hears a refusal", gone);
    } finally {
      async.complete();
    }
  }
}
