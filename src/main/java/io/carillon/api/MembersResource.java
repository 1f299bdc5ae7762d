package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.Lessee;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.Payload;
import io.carillon.core.json.WireJson;
import io.carillon.core.limit.Limit;
import io.carillon.core.room.Rooms;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** REST resource of a room's members, and of memberships without a socket (leases). */
@ApplicationScoped
@Path("/rooms/{room}/members")
public class MembersResource {
  private static final int MAX_LIMIT = 1000;

  @Inject Rooms rooms;
  @Inject Quota quota;
  @Inject ApiSettings settings;
  @Inject Pages pages;

  /** A page of the members, ordered by user name. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public void list(
      @PathParam("room") String name,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("page") @Nullable String page,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    Identity who = quota.charge(security, Limit.MEMBERS_USER);
    RoomName room = new RoomName(name);
    int most = limit(limit);
    pages.answer(
        request, answer, () -> WireJson.members(rooms.membership().list(who, room, most, page)));
  }

  /**
   * Makes the caller, or one client of the caller, a member for 30 seconds, or renews that; the
   * latest state wins.
   */
  @PUT
  @Path("/me")
  public Response lease(
      @PathParam("room") String name,
      @QueryParam("client") @Nullable String client,
      @QueryParam("call") @Nullable String call,
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      InputStream body) {
    Identity who = quota.charge(security, Limit.JOINS_USER);
    RoomName room = new RoomName(name);
    Lessee lessee = Lessee.parse(who.user(), client, call);
    rooms.membership().lease(who, lessee, room, state(headers, body));
    return Response.noContent().build();
  }

  /** Ends the membership that a call of the caller, or of the caller's client, has begun. */
  @DELETE
  @Path("/me")
  public Response unlease(
      @PathParam("room") String name,
      @QueryParam("client") @Nullable String client,
      @QueryParam("call") @Nullable String call,
      @Context SecurityContext security) {
    Identity who = Caller.of(security);
    Lessee lessee = Lessee.parse(who.user(), client, call);
    rooms.membership().unlease(who, lessee, new RoomName(name));
    return Response.noContent().build();
  }

  private String state(HttpHeaders headers, InputStream body) {
    if (headers.getMediaType() == null && headers.getLength() <= 0) {
      return "{}";
    }
    String text = Bodies.json(headers, body, settings.bodyLimit());
    String raw = text.isBlank() ? null : Draft.fields(text).raw("state");
    return raw == null ? "{}" : Payload.state(raw);
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return MAX_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException notANumber) {
      // Answered below.
    }
    throw new RefusedException(ErrorCode.BAD_FRAME);
  }
}
