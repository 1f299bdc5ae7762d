package io.carillon.api;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.core.console.ConnectionQuery;
import io.carillon.core.console.Console;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.presence.Presence;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.EventLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * REST resource that shows operators which rooms are busy, and of one when the last event came and
 * from whom. Who reads it and who is behind is told by {@code /admin/connections?room=}.
 */
@ApplicationScoped
@Path("/admin/rooms")
@Produces(MediaType.APPLICATION_JSON)
public class AdminRoomsResource {
  private static final int USUAL = 100;

  @Inject Console console;
  @Inject Clock clock;
  @Inject EventLog log;
  @Inject Presence presence;
  @Inject Authorizer authorizer;
  @Inject Pages pages;

  /**
   * Rooms that are read or have had events in the last minute, the busiest first.
   *
   * @param prefix what their names begin with
   * @param limit from 1 to 1,000, usually 100
   */
  @GET
  public void list(
      @QueryParam("prefix") @DefaultValue("") String prefix,
      @QueryParam("limit") @Nullable String limit,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Caller.operator(security, authorizer);
    int most = QueryValues.number(limit, USUAL, ConnectionQuery.MOST);
    pages.answer(request, answer, () -> console.rooms(prefix, most).join());
  }

  /** One room; a room without events has no {@code last}. Contents are not told. */
  @GET
  @Path("/{room}")
  public void get(
      @PathParam("room") String name,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Caller.operator(security, authorizer);
    RoomName room = new RoomName(name);
    pages.answer(request, answer, () -> json(room));
  }

  private String json(RoomName room) {
    Instant minuteAgo = clock.instant().minus(Duration.ofMinutes(1));
    Head head = log.heads(List.of(room)).getOrDefault(room, Head.EMPTY);
    JsonWriter out =
        new JsonWriter(new StringBuilder(256))
            .beginObject()
            .field("room", room.value())
            .field("head", head.cursor().toString())
            .field("floor", head.floorCursor().toString())
            .field("members", presence.count(room))
            .field("minute", Math.max(0, head.seq() - log.at(room, minuteAgo).seq()));
    if (head.seq() > head.floor()) {
      for (Event last : log.after(room, head.seq() - 1, 1).events()) {
        out.name("last")
            .beginObject()
            .field("seq", last.seq())
            .field("id", last.id())
            .field("event", last.name())
            .field("by", last.by())
            .field("at", last.at().toString())
            .endObject();
      }
    }
    return out.endObject().toString();
  }
}
