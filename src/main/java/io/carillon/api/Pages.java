package io.carillon.api;

import io.carillon.core.connection.PageWriter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;

/** Answers that may be large, made and written where a peer who does not read holds nobody up. */
@ApplicationScoped
public class Pages {
  @Inject PageWriter writer;

  /**
   * Answers with JSON, or with what its making threw. Returns at once.
   *
   * @param json makes the page on another thread; who asks and for what was read before
   */
  void answer(HttpServletRequest request, AsyncResponse answer, Supplier<String> json) {
    request.getAsyncContext().setTimeout(0);
    writer.answer(
        json,
        page -> answer.resume(Response.ok(page, MediaType.APPLICATION_JSON_TYPE).build()),
        answer::resume);
  }
}
