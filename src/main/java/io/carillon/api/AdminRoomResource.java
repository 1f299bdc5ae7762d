package io.carillon.api;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.presence.Presence;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.EventLog;
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
import java.util.List;

/**
 * REST resource that shows a room to operators: when the last event came and from whom. Who reads
 * it and who is behind is told by {@code /admin/connections?room=}.
 */
@ApplicationScoped
@Path("/admin/rooms/{room}")
@Produces(MediaType.APPLICATION_JSON)
public class AdminRoomResource {
  @Inject EventLog log;
  @Inject Presence presence;
  @Inject Authorizer authorizer;
  @Inject Pages pages;

  /** One room; a room without events has no {@code last}. Contents are not told. */
  @GET
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
    Head head = log.heads(List.of(room)).getOrDefault(room, Head.EMPTY);
    JsonWriter out =
        new JsonWriter(new StringBuilder(256))
            .beginObject()
            .field("room", room.value())
            .field("head", head.cursor().toString())
            .field("floor", head.floorCursor().toString())
            .field("members", presence.count(room));
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
