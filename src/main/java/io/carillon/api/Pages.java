package io.carillon.api;

import io.carillon.core.connection.PageWriter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;

/**
 * Writer of answers that may be large, on threads where a peer that does not read delays no other.
 */
@ApplicationScoped
public class Pages {
  @Inject PageWriter writer;

  /**
   * Answers with JSON, or with the exception of its supplier. Returns at once.
   *
   * @param json makes the page on another thread; all of the request was read before
   */
  void answer(HttpServletRequest request, AsyncResponse answer, Supplier<String> json) {
    request.getAsyncContext().setTimeout(0);
    writer.answer(
        json,
        page -> answer.resume(Response.ok(page, MediaType.APPLICATION_JSON_TYPE).build()),
        answer::resume);
  }
}
