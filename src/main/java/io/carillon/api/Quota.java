package io.carillon.api;

import io.carillon.core.Content;
import io.carillon.core.Identity;
import io.carillon.core.limit.Limit;
import io.carillon.core.limit.Limits;
import io.carillon.core.limit.Visitor;
import io.carillon.core.spi.CarillonPrincipal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.SecurityContext;

/**
 * Limits by user of the REST resources. Those by address were asked by a filter before. What is
 * beyond a limit ends in a {@link io.carillon.core.RefusedException}.
 */
@ApplicationScoped
public class Quota {
  @Inject Limits limits;

  /** The caller, who is charged one. */
  Identity charge(SecurityContext security, Limit limit) {
    CarillonPrincipal principal = Caller.principal(security);
    limits.take(limit, Visitor.of(principal), 1);
    return principal.identity();
  }

  /** Charges the caller for an event. */
  void chargePublish(SecurityContext security, Content content) {
    Visitor visitor = Visitor.of(Caller.principal(security));
    limits.take(Limit.PUBLISHES_USER, visitor, 1);
    limits.take(Limit.BYTES_USER, visitor, content.weight());
  }
}
