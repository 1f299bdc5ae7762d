package io.carillon.api;

import io.carillon.core.RoomName;
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

/**
 * REST resource that shows connections on all instances to operators, open ones and those that have
 * ended lately.
 */
@ApplicationScoped
@Path("/admin/connections")
@Produces(MediaType.APPLICATION_JSON)
public class AdminConnectionsResource {
  private static final int USUAL = 200;

  @Inject Console console;
  @Inject Authorizer authorizer;
  @Inject Pages pages;

  /**
   * Open connections, those with most to catch up first.
   *
   * @param user whose; absent: anybody's
   * @param room a room that they read; absent: any, or none
   * @param behind {@code true}: only those that have not been given all events of their rooms
   * @param reads {@code true}: each with its rooms and its position in them
   * @param limit from 1 to 1,000, usually 200
   */
  @GET
  public void open(
      @QueryParam("user") @Nullable String user,
      @QueryParam("room") @Nullable String room,
      @QueryParam("behind") @Nullable String behind,
      @QueryParam("reads") @Nullable String reads,
      @QueryParam("limit") @Nullable String limit,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Caller.operator(security, authorizer);
    ConnectionQuery query =
        new ConnectionQuery(
            user,
            room == null ? null : new RoomName(room).value(),
            QueryValues.flag(behind),
            QueryValues.flag(reads),
            QueryValues.number(limit, USUAL, ConnectionQuery.MOST));
    pages.answer(request, answer, () -> console.connections(query).join());
  }

  /** Connections that have ended lately, at most 1,000 of each instance, the last one first. */
  @GET
  @Path("/ended")
  public void ended(
      @QueryParam("user") @Nullable String user,
      @QueryParam("limit") @Nullable String limit,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Caller.operator(security, authorizer);
    int most = QueryValues.number(limit, USUAL, ConnectionQuery.MOST);
    pages.answer(request, answer, () -> console.ended(user, most).join());
  }
}
