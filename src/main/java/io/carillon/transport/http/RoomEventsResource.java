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
   * History, oldest retained first unless {@code after}, {@code before}, {@code since} or {@code
   * last} say otherwise; with {@code after} and {@code Prefer: wait=n} a long poll.
   */
  @GET
  @Produces({"application/json", "text/event-stream"})
  public void read(
      @PathParam("room") String room,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    reader.room(request, answer, room);
  }
}
