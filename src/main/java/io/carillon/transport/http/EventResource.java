package io.carillon.transport.http;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.Event;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.connection.PageWriter;
import io.carillon.core.json.WireJson;
import io.carillon.core.limit.Limit;
import io.carillon.core.limit.Limits;
import io.carillon.core.room.Rooms;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/** One event of a room: as JSON, or the bytes themselves of one that was published as such. */
@Dependent
@Path("/rooms/{room}/events/{seq}")
public class EventResource {
  private static final String BYTES = "application/octet-stream";

  private final Rooms rooms;
  private final PageWriter writer;
  private final Limits limits;

  /** Takes what does the work. */
  @Inject
  public EventResource(Rooms rooms, PageWriter writer, Limits limits) {
    this.limits = limits;
    this.rooms = rooms;
    this.writer = writer;
  }

  /**
   * The event of this number; what the client would rather have decides. Bytes are never shown by a
   * browser: they come as a file to be stored.
   */
  @GET
  @Produces({"application/json", BYTES})
  public void read(
      @PathParam("room") String room,
      @PathParam("seq") String seq,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    EventReader.guarded(
        answer,
        () -> {
          Params params = Params.ofRoom(request, room);
          Identity who = params.identity();
          long number = number(seq);
          limits.take(Limit.HISTORY_USER, params.visitor(), 1);
          boolean raw = Accept.prefersBytes(request);
          boolean json = Accept.takesJson(request);
          request.getAsyncContext().setTimeout(0);
          writer.answer(
              () -> rooms.event(who, params.rooms().getFirst(), number),
              Event::weight,
              event -> answer.resume(answer(event, raw, json)),
              answer::resume);
        });
  }

  private static Response answer(Event event, boolean raw, boolean json) {
    if (raw && event.content() instanceof Content.Binary bytes) {
      return Response.ok(bytes.toArray(), BYTES)
          .header("Content-Disposition", "attachment")
          .header("X-Content-Type-Options", "nosniff")
          .header("Cache-Control", "no-store")
          .header("Carillon-Cursor", event.cursor())
          .build();
    }
    if (!json) {
      throw new NotAcceptableException();
    }
    return EventReader.json(WireJson.event(event))
        .header("Carillon-Cursor", event.cursor())
        .build();
  }

  /** What is no number names no event. */
  private static long number(String seq) {
    boolean number =
        !seq.isEmpty() && seq.length() <= 18 && seq.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number) {
      throw new RefusedException(ErrorCode.NOT_FOUND);
    }
    return Long.parseLong(seq);
  }
}
