package io.carillon.api;

import io.carillon.core.json.WireJson;
import io.carillon.core.limit.Limit;
import io.carillon.core.spi.Issued;
import io.carillon.core.spi.TicketOffice;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

/** REST resource that makes one-time tickets for clients that cannot send a header. */
@ApplicationScoped
@Path("/tickets")
@Produces(MediaType.APPLICATION_JSON)
public class TicketResource {
  @Inject TicketOffice tickets;
  @Inject Quota quota;

  /** A ticket and when it ends, RFC 3339. */
  public record Ticket(String ticket, String expires) {}

  /** Makes a ticket for the caller, with the caller's rights. */
  @POST
  public Response issue(@Context SecurityContext security) {
    Issued issued = tickets.issue(quota.charge(security, Limit.TICKETS_USER));
    return Response.status(Response.Status.CREATED)
        .entity(new Ticket(issued.secret(), WireJson.instant(issued.expires())))
        .build();
  }
}
