package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.spi.AuditTrail;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.NamespaceStore;
import io.carillon.core.spi.Namespaces;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
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

/**
 * REST resource of the settings of a namespace, for operators. Not part of the wire that clients
 * depend on.
 */
@ApplicationScoped
@Path("/namespaces/{namespace}")
@Produces(MediaType.APPLICATION_JSON)
public class NamespaceResource {
  private static final int MAX_DATA_LIMIT = 64 * 1024;
  private static final int MAX_LIST_LIMIT = 100_000;

  @Inject NamespaceStore store;
  @Inject Authorizer authorizer;
  @Inject AuditTrail audit;
  @Inject ApiSettings settings;

  /** The settings of one namespace, with the defaults filled in. */
  public record NamespaceState(
      String namespace, int membersListLimit, int dataLimit, boolean conflate) {
    static NamespaceState of(String namespace, Namespaces.NamespaceOptions s) {
      return new NamespaceState(namespace, s.membersListLimit(), s.dataLimit(), s.conflate());
    }
  }

  /** Reads the settings as they are stored; instances follow within some seconds. */
  @GET
  public NamespaceState get(
      @PathParam("namespace") String namespace, @Context SecurityContext security) {
    Caller.operator(security, authorizer);
    check(namespace);
    return NamespaceState.of(namespace, stored(namespace));
  }

  /** Sets what the body names and leaves the rest as it is. */
  @PUT
  public Response put(
      @PathParam("namespace") String namespace,
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      InputStream body) {
    Identity operator = Caller.operator(security, authorizer);
    check(namespace);
    JsonFields fields = Draft.fields(Bodies.json(headers, body, settings.bodyLimit()));
    Namespaces.NamespaceOptions old = stored(namespace);
    Namespaces.NamespaceOptions wanted =
        new Namespaces.NamespaceOptions(
            number(fields, "membersListLimit", old.membersListLimit(), 0, MAX_LIST_LIMIT),
            number(fields, "dataLimit", old.dataLimit(), 1, MAX_DATA_LIMIT),
            fields.bool("conflate", old.conflate()));
    audit.record(operator.user(), "namespace.set", namespace, wanted.toString());
    store.save(namespace, wanted, operator.user());
    return Response.ok(NamespaceState.of(namespace, wanted)).build();
  }

  private Namespaces.NamespaceOptions stored(String namespace) {
    return store.all().getOrDefault(namespace, Namespaces.NamespaceOptions.DEFAULTS);
  }

  /** A namespace is what may stand before the colon of a room. */
  private static void check(String namespace) {
    if (!RoomName.isValid(namespace) || namespace.indexOf(':') >= 0) {
      throw new RefusedException(ErrorCode.BAD_ROOM);
    }
  }

  private static int number(JsonFields fields, String name, int absent, int min, int max) {
    long value = fields.integer(name, absent);
    if (value < min || value > max) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    return (int) value;
  }
}
