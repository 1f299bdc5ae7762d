package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.json.JsonFields;
import io.carillon.core.spi.AuditTrail;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestAppStore;
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
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * REST resource of the applications of guests, for operators. A secret is told once, in the answer
 * to the call that makes it. Not part of the wire that clients depend on.
 */
@ApplicationScoped
@Path("/apps")
@Produces(MediaType.APPLICATION_JSON)
public class GuestAppResource {
  private static final int KEY_BYTES = 10;
  private static final int SECRET_BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  @Inject GuestAppStore store;
  @Inject Authorizer authorizer;
  @Inject AuditTrail audit;
  @Inject ApiSettings settings;

  /** An application; the secret only where it was made by this very call. */
  public record AppState(
      String id,
      String key,
      @Nullable String secret,
      List<String> rights,
      String namespace,
      boolean enabled,
      List<String> webhooks,
      boolean counts) {
    static AppState of(GuestApp app, boolean tellSecret) {
      List<String> rights = app.rights().stream().sorted().map(Right::word).toList();
      String secret = tellSecret ? app.secret() : null;
      return new AppState(
          app.id(),
          app.key(),
          secret,
          rights,
          app.namespace(),
          app.enabled(),
          app.hooks(),
          app.counts());
    }
  }

  /** All applications as they are stored, in order, without their secrets. */
  @GET
  public List<AppState> list(@Context SecurityContext security) {
    Caller.operator(security, authorizer);
    return store.all().values().stream()
        .map(app -> AppState.of(app, false))
        .sorted((a, b) -> a.id().compareTo(b.id()))
        .toList();
  }

  /**
   * Makes an application, or sets what the body names of one and leaves the rest as it is. The body
   * may bring the key and the secret of an application that moves in; else they are made. With
   * {@code "rotate":true} a new secret is made.
   */
  @PUT
  @Path("/{id}")
  public Response put(
      @PathParam("id") String id,
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      InputStream body) {
    Identity operator = Caller.operator(security, authorizer);
    JsonFields fields = Draft.fields(Bodies.json(headers, body, settings.bodyLimit()));
    GuestApp old = store.all().get(id);
    String given = fields.string("secret");
    boolean made = given == null && (old == null || fields.bool("rotate", false));
    String secret = given != null ? given : made || old == null ? word(SECRET_BYTES) : old.secret();
    GuestApp wanted =
        new GuestApp(
            id,
            chosen(fields, "key", old == null ? word(KEY_BYTES) : old.key()),
            secret,
            rights(fields, old),
            chosen(fields, "namespace", old == null ? "pusher" : old.namespace()),
            fields.bool("enabled", old == null || old.enabled()),
            !fields.has("webhooks") && old != null ? old.hooks() : fields.strings("webhooks"),
            fields.bool("counts", old != null && old.counts()));
    audit.record(operator.user(), "app.set", id, wanted.toString());
    store.save(wanted, operator.user());
    return Response.status(old == null ? 201 : 200).entity(AppState.of(wanted, made)).build();
  }

  /** Removes an application; its clients are sent away within some seconds. */
  @DELETE
  @Path("/{id}")
  public Response remove(@PathParam("id") String id, @Context SecurityContext security) {
    Identity operator = Caller.operator(security, authorizer);
    audit.record(operator.user(), "app.remove", id, null);
    store.remove(id);
    return Response.noContent().build();
  }

  private static String chosen(JsonFields fields, String name, String absent) {
    String value = fields.string(name);
    return value == null ? absent : value;
  }

  private static Set<Right> rights(JsonFields fields, @Nullable GuestApp old) {
    if (!fields.has("rights")) {
      return old == null ? EnumSet.complementOf(EnumSet.of(Right.ADMIN)) : old.rights();
    }
    EnumSet<Right> rights = EnumSet.noneOf(Right.class);
    for (String word : fields.strings("rights")) {
      rights.add(right(word));
    }
    return rights;
  }

  private static Right right(String word) {
    for (Right right : Right.values()) {
      if (right.word().equals(word.toLowerCase(Locale.ROOT))) {
        return right;
      }
    }
    throw new RefusedException(ErrorCode.BAD_DATA);
  }

  private String word(int bytes) {
    byte[] bits = new byte[bytes];
    random.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }
}
