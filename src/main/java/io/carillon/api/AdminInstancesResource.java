package io.carillon.api;

import io.carillon.core.console.Console;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.Inspection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Map;

/** REST resource that shows the instances to operators. */
@ApplicationScoped
@Path("/admin/instances")
@Produces(MediaType.APPLICATION_JSON)
public class AdminInstancesResource {
  @Inject Console console;
  @Inject Inspection inspection;
  @Inject Authorizer authorizer;
  @Inject Pages pages;

  /** All live instances: who moves the outbox, who listens, and what each has to do. */
  @GET
  public void list(
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Caller.operator(security, authorizer);
    pages.answer(request, answer, this::json);
  }

  private String json() {
    Map<String, String> figures = console.figures().join();
    JsonWriter out = new JsonWriter(new StringBuilder(1024)).beginObject();
    out.name("instances").beginArray();
    for (Inspection.LiveInstance each : inspection.instances()) {
      out.beginObject()
          .field("id", each.id())
          .field("name", each.name())
          .field("version", each.version())
          .field("started", each.started().toString())
          .field("seen", each.seen().toString())
          .field("draining", each.draining())
          .field("relay", each.relay())
          .rawField("figures", figures.get(each.id()))
          .endObject();
    }
    return out.endArray().endObject().toString();
  }
}
