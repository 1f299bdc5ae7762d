package io.carillon.transport.http;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;

/** The events of one room: a page of history, a long poll, or a live stream. */
@Dependent
@Path("/rooms/{room}/events")
public class RoomEventsResource {
  private final EventReader reader;

  /** Takes what does the work. */
  @Inject
  public RoomEventsResource(EventReader reader) {
    this.reader = reader;
  }

  /**
   * History, oldest retained first unless {@code after}, {@code before} or {@code last} say
   * otherwise; with {@code after} and {@code Prefer: wait=n} a long poll.
   */
  @GET
  @Produces("application/json")
  public void page(
      @PathParam("room") String room,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    reader.roomPage(request, room, answer);
  }

  /** A live stream; {@code qs} lets a client that takes anything have the page. */
  @GET
  @Produces("text/event-stream;qs=0.5")
  public void stream(
      @PathParam("room") String room,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    reader.stream(request, answer, () -> Params.ofRoom(request, room));
  }
}
