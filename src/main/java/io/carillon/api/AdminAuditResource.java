package io.carillon.api;

import io.carillon.core.json.JsonWriter;
import io.carillon.core.spi.AuditLog;
import io.carillon.core.spi.Authorizer;
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
import org.jspecify.annotations.Nullable;

/** REST resource that shows the audit trail to operators. */
@ApplicationScoped
@Path("/admin/audit")
@Produces(MediaType.APPLICATION_JSON)
public class AdminAuditResource {
  private static final int USUAL = 100;
  private static final int MOST = 1000;

  @Inject AuditLog audit;
  @Inject Authorizer authorizer;
  @Inject Pages pages;

  /**
   * The latest entries, the last one first.
   *
   * @param actor who acted; absent: anybody
   * @param subject whom or what it was done to; absent: anything
   * @param before number of an entry, for the entries before it
   * @param limit from 1 to 1,000, usually 100
   */
  @GET
  public void latest(
      @QueryParam("actor") @Nullable String actor,
      @QueryParam("subject") @Nullable String subject,
      @QueryParam("before") @Nullable String before,
      @QueryParam("limit") @Nullable String limit,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Caller.operator(security, authorizer);
    long end = QueryValues.number(before, Long.MAX_VALUE);
    int most = QueryValues.number(limit, USUAL, MOST);
    pages.answer(request, answer, () -> json(actor, subject, end, most));
  }

  private String json(@Nullable String actor, @Nullable String subject, long before, int limit) {
    JsonWriter out = new JsonWriter(new StringBuilder(1024)).beginObject();
    out.name("entries").beginArray();
    for (AuditLog.AuditRecord each : audit.latest(actor, subject, before, limit)) {
      out.beginObject()
          .field("id", each.id())
          .field("at", each.at().toString())
          .field("actor", each.actor())
          .field("action", each.action())
          .field("subject", each.subject())
          .optional("detail", each.detail())
          .endObject();
    }
    return out.endArray().endObject().toString();
  }
}
