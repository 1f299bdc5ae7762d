package io.carillon.transport.poll;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** Work on the request of a poll; may block for its body, or leave the answer for later. */
@FunctionalInterface
interface PollWork {
  /** Does the work; the request is answered here, or later by any thread. */
  void run(AsyncContext carrier) throws IOException;

  /**
   * Starts the work asynchronously; the request has no time limit from then on.
   *
   * @param patient runs the work, which blocks: give virtual threads
   * @param failed answers a request whose work has thrown
   */
  static void start(
      HttpServletRequest request,
      Executor patient,
      PollWork work,
      BiConsumer<AsyncContext, Exception> failed) {
    AsyncContext carrier = request.startAsync();
    carrier.setTimeout(0);
    patient.execute(
        () -> {
          try {
            work.run(carrier);
          } catch (IOException | RuntimeException failure) {
            failed.accept(carrier, failure);
          }
        });
  }
}
