package io.carillon.api;

import io.carillon.core.console.Console;
import io.carillon.core.spi.Authorizer;
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

/** REST resource that shows operators the alerts that are on. */
@ApplicationScoped
@Path("/admin/alerts")
@Produces(MediaType.APPLICATION_JSON)
public class AdminAlertsResource {
  @Inject Console console;
  @Inject Authorizer authorizer;
  @Inject Pages pages;

  /** Those of all instances, the oldest first. Answers without the database, too. */
  @GET
  public void list(
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Caller.operator(security, authorizer);
    pages.answer(request, answer, () -> console.alerts().join());
  }
}
