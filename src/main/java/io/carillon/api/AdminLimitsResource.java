package io.carillon.api;

import io.carillon.core.console.ConnectionQuery;
import io.carillon.core.console.Console;
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

/** REST resource that shows to operators whom limits have refused lately, on all instances. */
@ApplicationScoped
@Path("/admin/limits")
@Produces(MediaType.APPLICATION_JSON)
public class AdminLimitsResource {
  private static final int USUAL = 200;

  @Inject Console console;
  @Inject Authorizer authorizer;
  @Inject Pages pages;

  /**
   * Refusals by limits, one entry for each limit, user, address and instance, the last one first.
   *
   * @param user whose; absent: anybody's
   * @param limit most entries, from 1 to 1,000, usually 200
   */
  @GET
  public void latest(
      @QueryParam("user") @Nullable String user,
      @QueryParam("limit") @Nullable String limit,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Caller.operator(security, authorizer);
    int most = QueryValues.number(limit, USUAL, ConnectionQuery.MOST);
    pages.answer(request, answer, () -> console.limits(user, most).join());
  }
}
