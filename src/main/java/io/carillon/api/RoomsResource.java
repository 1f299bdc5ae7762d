package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.limit.Limit;
import io.carillon.core.room.RoomInfo;
import io.carillon.core.room.Rooms;
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
import java.util.List;

/** REST resource that lists rooms and shows the state of one. */
@ApplicationScoped
@Path("/rooms")
@Produces(MediaType.APPLICATION_JSON)
public class RoomsResource {
  @Inject Rooms rooms;
  @Inject Quota quota;
  @Inject Pages pages;

  /** What is known of one room; {@code head} and {@code floor} are cursors. */
  public record RoomState(String room, String head, String floor, int members, int connections) {}

  /** Occupied rooms that the caller may read, at most 1,000. */
  @GET
  public void list(
      @QueryParam("prefix") @DefaultValue("") String prefix,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    if (!prefix.isEmpty() && !RoomName.isValid(prefix) && !RoomName.isValid(prefix + '-')) {
      throw new RefusedException(ErrorCode.BAD_ROOM);
    }
    Identity who = quota.charge(security, Limit.MEMBERS_USER);
    pages.answer(request, answer, () -> json(rooms.occupied(who, prefix)));
  }

  private static String json(List<RoomName> names) {
    JsonWriter json = new JsonWriter(new StringBuilder()).beginObject().name("rooms").beginArray();
    names.forEach(name -> json.string(name.value()));
    return json.endArray().endObject().toString();
  }

  /** One room; a room without events has the head {@code 0.0}. */
  @GET
  @Path("/{room}")
  public RoomState get(@PathParam("room") String name, @Context SecurityContext security) {
    Identity who = quota.charge(security, Limit.MEMBERS_USER);
    RoomInfo info = rooms.room(who, new RoomName(name));
    return new RoomState(
        info.room().value(),
        info.head().toString(),
        info.floor().toString(),
        info.members(),
        info.connections());
  }
}
