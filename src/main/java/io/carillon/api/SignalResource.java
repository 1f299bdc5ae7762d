package io.carillon.api;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.limit.Limit;
import io.carillon.core.room.Rooms;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;

/** REST resource that sends signals: never stored, no order promised, delivery unknown. */
@ApplicationScoped
@Path("/rooms/{room}/signals")
public class SignalResource {
  @Inject Rooms rooms;
  @Inject Quota quota;
  @Inject ApiSettings settings;

  /** Sends a signal to all in the room, or to one user there. */
  @POST
  public Response send(
      @PathParam("room") String name,
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      InputStream body) {
    Identity who = quota.charge(security, Limit.SIGNALS_USER);
    RoomName room = new RoomName(name);
    JsonFields fields = Draft.fields(Bodies.json(headers, body, settings.bodyLimit()));
    String data = fields.raw("data");
    if (data == null || fields.depth("data") > JsonText.MAX_DEPTH) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    rooms.signal(
        who,
        room,
        new EventName(Draft.required(fields, "name", ErrorCode.BAD_NAME)),
        Content.json(JsonText.oneLine(data)),
        "",
        Draft.text(fields, "to", ErrorCode.BAD_FRAME));
    return Response.accepted().build();
  }
}
