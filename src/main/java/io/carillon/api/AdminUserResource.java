package io.carillon.api;

import io.carillon.core.console.Console;
import io.carillon.core.spi.Authorizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;

/** REST resource that shows operators what a user is doing. */
@ApplicationScoped
@Path("/admin/users/{user}/acts")
@Produces(MediaType.APPLICATION_JSON)
public class AdminUserResource {
  @Inject Console console;
  @Inject Authorizer authorizer;
  @Inject Pages pages;

  /**
   * The latest acts on all instances, the last one first, at most 200. Connections that open and
   * end are always known; what is done in rooms from the first question on, until some 15 s after
   * the last one. Contents are not told.
   */
  @GET
  public void acts(
      @PathParam("user") String segment,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Caller.operator(security, authorizer);
    String user = UserSegment.user(segment);
    pages.answer(request, answer, () -> console.acts(user).join());
  }
}
