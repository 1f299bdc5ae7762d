package io.carillon.api;

import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.NamespaceStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Map;

/** REST resource that lists the namespaces with settings of their own, for operators. */
@ApplicationScoped
@Path("/admin/namespaces")
@Produces(MediaType.APPLICATION_JSON)
public class AdminNamespacesResource {
  @Inject NamespaceStore store;
  @Inject Authorizer authorizer;

  /** Namespaces in the order of their names. */
  public record NamespaceList(List<NamespaceResource.NamespaceState> namespaces) {}

  /** All of them, as they are stored; instances follow within some seconds. */
  @GET
  public NamespaceList list(@Context SecurityContext security) {
    Caller.operator(security, authorizer);
    return new NamespaceList(
        store.all().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(each -> NamespaceResource.NamespaceState.of(each.getKey(), each.getValue()))
            .toList());
  }
}
