package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.WireJson;
import io.carillon.core.spi.DemoTokens;
import io.carillon.core.spi.Issued;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Duration;

/** REST resource that issues demo tokens; outside demo mode there is no such path. */
@ApplicationScoped
@Path("/demo/token")
@Produces(MediaType.APPLICATION_JSON)
public class DemoResource {
  private static final int MAX_BODY = 4096;
  private static final Duration LIFE = Duration.ofHours(1);

  @Inject DemoTokens tokens;

  /** A token and when it ends, RFC 3339. */
  public record Token(String token, String expires) {}

  /** Makes a token for the user in the body, and sets it as the cookie too. */
  @POST
  public Response issue(@Context HttpHeaders headers, @Context UriInfo uri, InputStream body) {
    if (!tokens.enabled()) {
      throw new NotFoundException();
    }
    JsonFields fields = Draft.fields(Bodies.json(headers, body, MAX_BODY));
    String user = Draft.required(fields, "user", ErrorCode.BAD_FRAME);
    Issued issued = tokens.issue(user, fields.bool("admin", false));
    // Written by hand: the container's own cookies carry an attribute that no browser knows.
    String cookie =
        "carillon_token="
            + issued.secret()
            + "; Path=/; Max-Age="
            + LIFE.toSeconds()
            + "; HttpOnly; SameSite=Strict"
            + ("https".equals(uri.getRequestUri().getScheme()) ? "; Secure" : "");
    return Response.ok(new Token(issued.secret(), WireJson.instant(issued.expires())))
        .header(HttpHeaders.SET_COOKIE, cookie)
        .build();
  }
}
