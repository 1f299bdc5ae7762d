package io.carillon.api;

import io.carillon.core.Identity;
import io.carillon.core.connection.Disconnects;
import io.carillon.core.spi.AuditTrail;
import io.carillon.core.spi.Authorizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;

/** REST resource of operators' actions on users. */
@ApplicationScoped
@Path("/users/{user}")
public class UserResource {
  @Inject Disconnects disconnects;
  @Inject Authorizer authorizer;
  @Inject AuditTrail audit;

  /**
   * Closes all connections of a user on all instances; with {@code revoke=true} tokens that were
   * issued before now are refused from now on.
   */
  @DELETE
  @Path("/connections")
  public Response expel(
      @PathParam("user") String segment,
      @QueryParam("revoke") @Nullable String revoke,
      @Context SecurityContext security) {
    Identity operator = Caller.operator(security, authorizer);
    String user = UserSegment.user(segment);
    if (QueryValues.flag(revoke)) {
      audit.record(operator.user(), "revoke", user, null);
      disconnects.revoke(user);
    } else {
      audit.record(operator.user(), "kick", user, null);
      disconnects.kick(user);
    }
    return Response.noContent().build();
  }
}
