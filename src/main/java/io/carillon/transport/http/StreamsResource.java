package io.carillon.transport.http;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import java.io.InputStream;

/** The events of the rooms in the body, for names that a request line cannot hold. */
@Dependent
@Path("/streams")
public class StreamsResource {
  private final EventReader reader;

  /** Takes what does the work. */
  @Inject
  public StreamsResource(EventReader reader) {
    this.reader = reader;
  }

  /** The same long poll and live stream as {@link EventsResource#read}. */
  @POST
  @Consumes("application/json")
  @Produces({"application/json", "text/event-stream"})
  public void read(
      @Context HttpServletRequest request, @Suspended AsyncResponse answer, InputStream body) {
    reader.rooms(request, answer, () -> RoomsBody.read(body).params(request));
  }
}
