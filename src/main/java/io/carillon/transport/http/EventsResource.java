package io.carillon.transport.http;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;

/** The events of the rooms in the query under one cursor: a long poll or a live stream. */
@Dependent
@Path("/events")
public class EventsResource {
  private final EventReader reader;

  /** Takes what does the work. */
  @Inject
  public EventsResource(EventReader reader) {
    this.reader = reader;
  }

  /**
   * What came after {@code after}, or after {@code Prefer: wait=n} nothing; without {@code after}
   * it begins at the heads.
   */
  @GET
  @Produces({"application/json", "text/event-stream"})
  public void read(@Context HttpServletRequest request, @Suspended AsyncResponse answer) {
    reader.rooms(request, answer, () -> Params.ofRooms(request));
  }
}
