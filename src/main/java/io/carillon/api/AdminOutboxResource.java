package io.carillon.api;

import io.carillon.core.json.JsonWriter;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.Inspection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** REST resource that shows the transactional outbox to operators. */
@ApplicationScoped
@Path("/admin/outbox")
@Produces(MediaType.APPLICATION_JSON)
public class AdminOutboxResource {
  private static final int USUAL = 100;
  private static final int MOST = 1000;

  @Inject Inspection inspection;
  @Inject Authorizer authorizer;
  @Inject Pages pages;

  /**
   * How much waits, since when, and what was rejected, the latest first.
   *
   * @param limit most rejected events to list, from 1 to 1,000, usually 100
   */
  @GET
  public void get(
      @QueryParam("limit") @Nullable String limit,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Caller.operator(security, authorizer);
    int most = QueryValues.number(limit, USUAL, MOST);
    pages.answer(request, answer, () -> json(inspection.outbox(most)));
  }

  private static String json(Inspection.OutboxState state) {
    Instant oldest = state.oldest();
    JsonWriter out =
        new JsonWriter(new StringBuilder(1024))
            .beginObject()
            .field("waiting", state.waiting())
            .optional("oldest", oldest == null ? null : oldest.toString())
            .field("rejected", state.rejected());
    out.name("latest").beginArray();
    for (Inspection.RejectedEvent each : state.latest()) {
      out.beginObject()
          .field("number", each.number())
          .field("room", each.room())
          .field("id", each.id())
          .field("event", each.name())
          .field("by", each.by())
          .field("created", each.created().toString())
          .field("at", each.at().toString())
          .field("reason", each.reason())
          .endObject();
    }
    return out.endArray().endObject().toString();
  }
}
