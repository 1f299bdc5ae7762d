package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonFields;
import io.carillon.core.spi.AuditTrail;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.Shutdown;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * REST resource that drains this instance: its clients are sent to the others, as SIGTERM does up
 * to the exit. There is no way back: a drained instance is stopped or started again.
 */
@ApplicationScoped
@Path("/admin/drain")
@Produces(MediaType.APPLICATION_JSON)
public class DrainResource {
  private static final int MAX_WITHIN = 300_000;
  private static final System.Logger LOG = System.getLogger(DrainResource.class.getName());

  @Inject Shutdown shutdown;
  @Inject Authorizer authorizer;
  @Inject AuditTrail audit;
  @Inject ApiSettings settings;

  /** A drain that has begun; {@code within} in milliseconds. */
  public record Draining(String instance, int connections, long within) {}

  /** Begins the drain, or tells how it stands. Works without the database too. */
  @POST
  public Response drain(
      @Context HttpHeaders headers, @Context SecurityContext security, InputStream body) {
    Identity operator = Caller.operator(security, authorizer);
    String text = Bodies.text(headers, body, settings.bodyLimit());
    if (!text.isBlank() && !Bodies.isJson(headers.getMediaType())) {
      throw new RefusedException(ErrorCode.UNSUPPORTED);
    }
    Shutdown.ShutdownStatus begun = shutdown.begin(within(text));
    note(operator, begun);
    Draining state = new Draining(begun.instance(), begun.connections(), begun.within().toMillis());
    return Response.accepted(state).build();
  }

  private static @Nullable Duration within(String body) {
    if (body.isBlank()) {
      return null;
    }
    JsonFields fields = Draft.fields(body);
    long within = fields.integer("within", -1);
    if (within < -1 || within > MAX_WITHIN || (within == -1 && fields.has("within"))) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    return within == -1 ? null : Duration.ofMillis(within);
  }

  /** Writes the audit entry, best effort: the database may be the reason for the drain. */
  private void note(Identity operator, Shutdown.ShutdownStatus begun) {
    try {
      audit.record(operator.user(), "drain", begun.instance(), null);
    } catch (RuntimeException away) {
      LOG.log(Level.WARNING, "a drain by " + operator.user() + " is not in the audit trail", away);
    }
  }
}
