package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.connection.Disconnects;
import io.carillon.core.json.JsonFields;
import io.carillon.core.spi.AuditTrail;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.Bans;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;

/** REST resource of the users who are not let in. */
@ApplicationScoped
@Path("/admin/bans")
@Produces(MediaType.APPLICATION_JSON)
public class BanResource {
  private static final int MAX_REASON = 500;
  private static final Duration LONGEST = Duration.ofDays(36_500);

  @Inject Bans bans;
  @Inject Disconnects disconnects;
  @Inject Authorizer authorizer;
  @Inject AuditTrail audit;
  @Inject ApiSettings settings;
  @Inject Clock clock;

  /** One ban; {@code until} in the form of RFC 3339. */
  public record BanState(String user, String until, String reason, String by) {
    static BanState of(Bans.Ban ban) {
      return new BanState(ban.user(), ban.until().toString(), ban.reason(), ban.by());
    }
  }

  /** Bans that are not over, by user. */
  public record BanPage(List<BanState> bans) {}

  /** All bans that are not over. */
  @GET
  public BanPage list(@Context SecurityContext security) {
    Caller.operator(security, authorizer);
    return new BanPage(bans.active().stream().map(BanState::of).toList());
  }

  /**
   * Bans a user until a moment, for a reason: all connections are closed, and every credential of
   * the user is refused until then, whenever it was issued.
   */
  @PUT
  @Path("/{user}")
  public BanState put(
      @PathParam("user") String segment,
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      InputStream body) {
    Identity operator = Caller.operator(security, authorizer);
    String user = UserSegment.user(segment);
    JsonFields fields = Draft.fields(Bodies.json(headers, body, settings.bodyLimit()));
    String reason = fields.requiredString("reason").strip();
    Instant until = instant(fields.requiredString("until"));
    Duration length = Duration.between(clock.instant(), until);
    if (reason.isEmpty()
        || reason.length() > MAX_REASON
        || !length.isPositive()
        || length.compareTo(LONGEST) > 0) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    Bans.Ban ban = new Bans.Ban(user, until, reason, operator.user());
    audit.record(operator.user(), "ban", user, "until " + until + ": " + reason);
    bans.ban(ban);
    disconnects.kick(user);
    return BanState.of(ban);
  }

  /** Ends a ban; instances that answer within two seconds know of it when this is answered. */
  @DELETE
  @Path("/{user}")
  public Response lift(@PathParam("user") String segment, @Context SecurityContext security) {
    Identity operator = Caller.operator(security, authorizer);
    String user = UserSegment.user(segment);
    audit.record(operator.user(), "ban.lift", user, null);
    if (!bans.lift(user)) {
      throw new RefusedException(ErrorCode.NOT_FOUND);
    }
    return Response.noContent().build();
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException noMoment) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
  }
}
